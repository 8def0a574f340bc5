import type { AppError } from '../core/errors.ts';
import type { JobId, Localpart, UserId } from '../core/ids.ts';
import type { Language } from '../core/words/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { AuditEntry, AuditVerdict } from '../platform/store/audit-entry.ts';
import type { ErrorLog } from '../platform/store/error-log.ts';
import type { Job } from '../platform/store/jobs.ts';
import type { SealedSecrets } from '../platform/store/sealed-secrets.ts';
import type { TokenNotes } from '../platform/store/token-notes.ts';
import type { RegistrationTokens } from '../platform/users/registration-tokens.ts';
import type { UserDirectory } from '../platform/users/user-directory.ts';
import type { Actor, Role } from './actor.ts';
import type { CommandForm } from './command-form.ts';

export type { AuditEntry, AuditVerdict } from '../platform/store/audit-entry.ts';
export type { ErrorLog } from '../platform/store/error-log.ts';
export type { SealedSecrets } from '../platform/store/sealed-secrets.ts';
export type { TokenNotes } from '../platform/store/token-notes.ts';

/** The people of the allow-list and what they chose. */
export interface People {
  /** Null: not on the list. */
  roleOf(user: UserId): Role | null;
  /** The role of the person who owns this account of the home server, or null. */
  roleOfAccount(localpart: Localpart): Role | null;
  /** How many people have the role admin. */
  adminCount(): number;
  list(): readonly { readonly user: UserId; readonly role: Role }[];
  languageOf(user: UserId): Language;
  /** Durable. */
  setLanguage(user: UserId, language: Language): void;
}

/** The audit log, for reading. */
export interface AuditTrail {
  /** Newest first. */
  list(query: {
    readonly limit: number;
    readonly actor?: string;
    readonly command?: string;
  }): readonly AuditEntry[];
  /** Recomputes the whole chain and compares it with the newest anchor outside the file. */
  verify(): Promise<AuditVerdict>;
}

/** Jobs, for listing and cancelling. */
export interface JobBoard {
  list(query: { readonly includeFinished: boolean; readonly limit: number }): readonly Job[];
  /** Null: there is none of that id. */
  find(job: JobId): Job | null;
  /** Throws what {@link JobBoard.cancel} would throw. */
  assertCancellable(job: JobId, actor: Actor): void;
  /**
   * Takes the question back, or tells the job to stop and returns at once: what was done by then
   * stands in the job's own answer. People stop their own jobs and those of lower ranks, admins all.
   * Throws `E_JOB_NOT_YOURS`, `E_JOB_UNKNOWN`, `E_JOB_NOT_CANCELLABLE`. */
  cancel(job: JobId, actor: Actor): void;
}

/** What `status` shows of the bot itself. */
export interface BotHealth {
  snapshot(): Promise<{
    readonly version: string;
    readonly startedAt: number | null;
    readonly homeserver: {
      readonly url: string;
      readonly reachable: boolean;
      readonly version: string | null;
      /** What keeps us from its admin API, with the next step; null: nothing. */
      readonly adminProblem: AppError | null;
    };
    /** What was found wrong with the audit log; null: nothing, or nobody has compared it yet. */
    readonly auditFault: Exclude<AuditVerdict, { state: 'intact' }> | null;
    /** ms since the epoch; null: never, or no bot runs. */
    readonly lastSyncAt: number | null;
    readonly inboxPending: number;
    readonly outbox: { readonly queued: number; readonly oldestAgeMs: number };
    readonly store: {
      readonly bytes: number;
      readonly freeBytes: number;
      readonly writable: boolean;
    };
  }>;
}

/** The config file, for the running program. */
export interface ConfigControl {
  /** YAML with every secret masked. */
  redacted(): string;
  /** Reads the file again; returns the names of the settings that changed and took effect. */
  reload(): Promise<{
    readonly file: string;
    /** False: no bot runs, so nothing follows it before the next start. */
    readonly isRunning: boolean;
    readonly changed: readonly string[];
    /** Changed in the file but only read at start. */
    readonly needsRestart: readonly string[];
  }>;
}

/** All that commands can be given; each command names what it uses and gets no more. */
export interface Capabilities {
  readonly clock: Clock;
  readonly registry: { readonly commands: readonly CommandForm[] };
  readonly people: People;
  readonly users: UserDirectory;
  readonly registrationTokens: RegistrationTokens;
  readonly tokenNotes: TokenNotes;
  readonly sealedSecrets: SealedSecrets;
  readonly audit: AuditTrail;
  readonly jobs: JobBoard;
  readonly errors: ErrorLog;
  readonly health: BotHealth;
  readonly config: ConfigControl;
  readonly identity: {
    readonly version: string;
    readonly botUser: UserId;
    readonly serverName: string;
  };
}

/** Name of one capability. */
export type CapabilityName = keyof Capabilities;
