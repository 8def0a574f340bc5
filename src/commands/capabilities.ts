import type { AppError } from '../core/errors.ts';
import type { JobId, Localpart, UserId } from '../core/ids.ts';
import type { Secret } from '../core/secret.ts';
import type { ReportNode } from '../core/report.ts';
import type { Text } from '../core/text.ts';
import type { Language, WordKey } from '../core/words/index.ts';
import type { BundleDesk } from '../ops/bundle/bundle-desk.ts';
import type { Machine } from '../ops/doctor/machine.ts';
import type { LogDesk } from '../ops/logs/log-desk.ts';
import type { Gauges } from '../ops/gauges/gauges.ts';
import type { AlertBoard } from '../ops/alerts/alert-board.ts';
import type { HealingDesk } from '../ops/healing/healing-desk.ts';
import type { NotifyDesk } from '../ops/notify/notify-desk.ts';
import type { Clock } from '../platform/clock.ts';
import type { Kubernetes } from '../platform/kubernetes/port.ts';
import type { AuditAnchor, AuditEntry, AuditVerdict } from '../platform/store/audit-entry.ts';
import type { ErrorLog } from '../platform/store/error-log.ts';
import type { IdentityPin } from '../platform/store/identity-pins.ts';
import type { Job } from '../platform/store/jobs.ts';
import type { RecoveryKeyState } from '../platform/store/recovery-key-safe.ts';
import type { SealedSecrets } from '../platform/store/sealed-secrets.ts';
import type { TemporaryScales } from '../platform/store/temporary-scales.ts';
import type { TokenNotes } from '../platform/store/token-notes.ts';
import type { RegistrationTokens } from '../platform/users/registration-tokens.ts';
import type { UserDirectory } from '../platform/users/user-directory.ts';
import type { Actor, Role } from './actor.ts';
import type { CommandForm, Need } from './command-form.ts';

export type { AuditAnchor, AuditEntry, AuditVerdict } from '../platform/store/audit-entry.ts';
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
  /** Recomputes the whole chain: what the file shows by itself. */
  verifyFile(): Promise<AuditVerdict>;
  /** Null: no bot runs, and nobody else reaches them. */
  readonly anchors: AuditAnchors | null;
}

/** What vouches for the audit log outside its file. Its methods throw `E_HOMESERVER_UNREACHABLE`. */
export interface AuditAnchors {
  read(): Promise<readonly AuditAnchor[]>;
  /** From now on they vouch for the log as it is, whatever they said before. */
  replace(): Promise<void>;
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
    readonly recoveryKey: RecoveryKeyState;
    /** See `BotIdentitySnapshot.keysLost`. */
    readonly keysLost: boolean;
    readonly store: {
      readonly bytes: number;
      readonly freeBytes: number;
      readonly writable: boolean;
    };
  }>;
}

/** The config file, for the running program. */
export interface ConfigControl {
  /** Whether a bot works with it; false: a terminal by itself. */
  readonly isRunning: boolean;
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

/** What is known of the bot's own identity in encrypted rooms. Keys: public ed25519, unpadded base64. */
export interface BotIdentitySnapshot {
  readonly user: UserId;
  /** Null: no keys were made yet. `fingerprint` is null until they are. */
  readonly device: { readonly id: string; readonly fingerprint: string | null } | null;
  /** There were keys on this server and they are not here any more: the bot can't start. */
  readonly keysLost: boolean;
  /** What only a bot with open keys can tell; null: it does not run, or has met no home server yet. */
  readonly live: {
    readonly signed: boolean;
    /** Null: it has none yet. */
    readonly identityKey: string | null;
    readonly backup: KeyBackupState;
    readonly keys: { readonly backedUp: number; readonly total: number };
  } | null;
  readonly recoveryKey: RecoveryKeyState;
}

/** What the key backup at the home server is to the bot. */
export type KeyBackupState =
  | { readonly state: 'off' }
  /** There is one, and its key is not ours. */
  | { readonly state: 'foreign'; readonly version: string }
  | { readonly state: 'on'; readonly version: string };

/** A verification by emoji (SAS) that has come as far as the emoji. */
export interface ShownVerification {
  /** Names it among others, in the home server's and the other client's eyes, too. */
  readonly flow: string;
  readonly user: UserId;
  readonly device: string;
  /** Seven. */
  readonly emoji: readonly { readonly symbol: string; readonly name: WordKey }[];
}

/** How far a verification is that shows nothing yet. */
export type VerificationStage =
  | { readonly stage: 'nobody' }
  /** This person's client has begun and waits for ours, or ours for it. */
  | { readonly stage: 'begun'; readonly user: UserId };

/** Verification, which a person has to begin from a client. */
export interface BotVerification {
  /**
   * Waits for somebody to begin, agrees, and waits for the emoji; what is shown already comes at
   * once, others only after `onStage` has told how far it is. Throws `E_VERIFY_NOBODY`, `E_VERIFY_CANCELLED`, `MatrixFailure`.
   */
  next(
    signal: AbortSignal,
    onStage: (stage: VerificationStage) => void,
  ): Promise<ShownVerification>;
  /** A person has seen that they are the same. Throws `E_VERIFY_CANCELLED`. */
  confirm(flow: string, signal: AbortSignal): Promise<void>;
  /** They are not, or nobody said so in time: the other side is told. Never throws. */
  refuse(flow: string): Promise<void>;
  isDone(flow: string): boolean;
}

/** The bot's identity in encrypted rooms, and those of people. */
export interface BotIdentity {
  snapshot(): Promise<BotIdentitySnapshot>;
  /** By user id. */
  people(): readonly IdentityPin[];
  /** Null: nothing is known of this person. */
  person(user: UserId): IdentityPin | null;
  /** Takes exactly this claimed key for the person's. False: it is not what is claimed (any more). */
  approve(user: UserId, claimed: string): Promise<boolean>;
  /** Once. Throws `E_RECOVERY_KEY_UNREADY`, `E_RECOVERY_KEY_SHOWN`. */
  showRecoveryKey(): Secret<string>;
  /** Tells the present recovery key from earlier ones (ms since the epoch); null: there is none. */
  recoveryKeyMadeAt(): number | null;
  /**
   * Puts a new one in the place of the one that was made then; of one that is new already it only
   * sees to what it opens. Throws `E_BOT_NOT_RUNNING`, `E_HOMESERVER_*`.
   */
  replaceRecoveryKey(madeAt: number | null): Promise<void>;
  /** Null: the keys are not open. */
  readonly verification: BotVerification | null;
}

/** What a command says while it works; each job has its own. */
export interface Speech {
  /** Says what it is doing now, where somebody is shown that. */
  progress(text: Text): void;
  /** Says something before the answer: in a thread of the command, or at once on the terminal. */
  tell(nodes: readonly ReportNode[]): void;
  /** Whether the answer goes into an encrypted room. */
  readonly isSealed: boolean;
}

/** All that commands can be given; each command names what it uses and gets no more. */
export interface Capabilities {
  readonly clock: Clock;
  readonly registry: {
    readonly commands: readonly CommandForm[];
    /** What this config lacks of what commands need. Missing: nothing is known to lack. */
    readonly lacking?: readonly Need[];
  };
  readonly people: People;
  readonly users: UserDirectory;
  readonly registrationTokens: RegistrationTokens;
  readonly tokenNotes: TokenNotes;
  readonly sealedSecrets: SealedSecrets;
  readonly audit: AuditTrail;
  readonly jobs: JobBoard;
  readonly speech: Speech;
  readonly errors: ErrorLog;
  readonly health: BotHealth;
  readonly botIdentity: BotIdentity;
  readonly alerts: AlertBoard;
  readonly notify: NotifyDesk;
  readonly config: ConfigControl;
  /** The cluster; every use throws `E_KUBERNETES_NOT_CONFIGURED` where the config names none. */
  readonly kubernetes: Kubernetes;
  readonly gauges: Gauges;
  readonly logs: LogDesk;
  readonly machine: Machine;
  readonly bundles: BundleDesk;
  readonly scales: TemporaryScales;
  readonly healing: HealingDesk;
  readonly identity: {
    readonly version: string;
    readonly botUser: UserId;
    readonly serverName: string;
  };
}

/** Name of one capability. */
export type CapabilityName = keyof Capabilities;
