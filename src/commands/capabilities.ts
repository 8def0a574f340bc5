import type { ErrorId, EventId, JobId, Localpart, UserId } from '../core/ids.ts';
import type { Secret } from '../core/secret.ts';
import type { Language } from '../core/words/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Job } from '../platform/store/jobs.ts';
import type { RegistrationTokens } from '../platform/users/registration-tokens.ts';
import type { UserDirectory } from '../platform/users/user-directory.ts';
import type { Actor, Role } from './actor.ts';
import type { Command } from './command.ts';

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

/** Secrets that wait for their one reader on the server. */
export interface SealedSecrets {
  /**
   * Makes a code for the secret and keeps the secret, encrypted under that code, for an hour.
   * `label` says what it is (an account name); never secret.
   */
  seal(
    secret: Secret<string>,
    label: string,
  ): { readonly code: string; readonly expiresAt: number };
  /** Reads without using up; for a step that goes on after a crash. Null: used, expired or unknown. */
  peek(code: string): Secret<string> | null;
  /** Gives it once. Throws `E_SECRET_CODE_UNKNOWN`. */
  open(code: string): { readonly secret: Secret<string>; readonly label: string };
}

/** One line of the audit log. `line` has its secrets masked. */
export interface AuditEntry {
  readonly sequence: number;
  readonly at: number;
  readonly actor: string;
  readonly event: EventId | null;
  readonly job: JobId | null;
  readonly line: string;
  readonly decision: 'allowed' | 'refused' | 'confirmed' | 'cancelled' | 'finished';
  readonly result: string;
  readonly durationMs: number | null;
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

/** Result of checking the chain. */
export type AuditVerdict =
  | { readonly state: 'intact'; readonly entries: number; readonly anchoredUpTo: number | null }
  | { readonly state: 'broken'; readonly sequence: number; readonly why: 'hash' | 'order' | 'gap' }
  | { readonly state: 'cut'; readonly entries: number; readonly anchored: number };

/** Jobs, for listing and cancelling. */
export interface JobBoard {
  list(query: { readonly includeFinished: boolean; readonly limit: number }): readonly Job[];
  /** Throws `E_JOB_UNKNOWN`, `E_JOB_NOT_CANCELLABLE`. */
  cancel(job: JobId, actor: Actor): void;
}

/** A failure kept for `!error ID`; secrets masked. */
export interface LoggedError {
  readonly id: ErrorId;
  readonly at: number;
  readonly command: string | null;
  readonly detail: string;
}

/** Failures of the last 30 days. */
export interface ErrorLog {
  record(error: unknown, command: string | null): ErrorId;
  /** Throws `E_ERROR_ID_UNKNOWN`. */
  find(id: ErrorId): LoggedError;
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
    };
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
    readonly changed: readonly string[];
    /** Changed in the file but only read at start. */
    readonly needsRestart: readonly string[];
  }>;
}

/** Local notes to registration tokens, kept by handle. */
export interface TokenNotes {
  /** Stable short handle of a token: a keyed hash, tells nothing about the token. */
  handleOf(token: Secret<string>): string;
  noteOf(handle: string): string | null;
  setNote(handle: string, note: string): void;
}

/** All that commands can be given; each command names what it uses and gets no more. */
export interface Capabilities {
  readonly clock: Clock;
  readonly registry: { readonly commands: readonly Command[] };
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
