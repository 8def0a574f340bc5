import type { RoomId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { AuditChain } from '../platform/store/audit-chain.ts';
import type { ConfirmationStore } from '../platform/store/confirmations.ts';
import type { Database } from '../platform/store/database.ts';
import type { JobStore } from '../platform/store/jobs.ts';
import type { Ledger } from '../platform/store/ledger.ts';
import type { Outbox } from '../platform/store/outbox.ts';
import type { StorageGuard } from '../platform/store/storage-guard.ts';
import type { Actor } from './actor.ts';
import type { Capabilities } from './capabilities.ts';
import type { CommandIndex } from './command-index.ts';
import type { Invocation } from './parse/invocation.ts';
import type { Surface } from './surface.ts';

/** Who may do what. Asked when a command comes in and again when it runs. */
export interface Permissions {
  /** Throws `E_ROLE_TOO_LOW`, `E_TERMINAL_ONLY`. */
  authorise(invocation: Invocation, actor: Actor, surface: 'room' | 'terminal'): void;
  /** Throws `E_ACCOUNT_*` where the account that it acts on is guarded, and what `users` throws. */
  guard(invocation: Invocation, actor: Actor, signal: AbortSignal): Promise<void>;
}

/** Settings that a reload may change; read each time they are needed. */
export interface DispatchPolicy {
  /** How long a question waits for its answer. */
  readonly confirmationTtlMs: number;
  /** A change that is older than this when it is read asks first. */
  readonly staleAfterMs: number;
  /** Whether a ✅ counts there: only rooms that the config calls unencrypted and trusted. */
  reactionsTrusted(room: RoomId): boolean;
}

/** Numbers that only tests change. */
export interface Limits {
  /** How long an input may be worked on before it is written down: ready answers are written once. */
  readonly inlineMs: number;
  /** After this long without an answer the surface says that it works. */
  readonly workingAfterMs: number;
  /** Changes that hold a resource and run at the same time. */
  readonly changes: number;
  /** Reads that run at the same time. */
  readonly reads: number;
  /** A step without a time of its own, a plan, a read. */
  readonly timeoutMs: number;
  /** How long a step that was told to stop may take to end. */
  readonly patienceMs: number;
  /** After a restart: how long a target that does not answer is asked what became of a step. */
  readonly settleMs: number;
}

/** What holds unless a test says otherwise. */
export const defaultLimits: Limits = {
  inlineMs: 5,
  workingAfterMs: 500,
  changes: 8,
  reads: 8,
  timeoutMs: 60_000,
  patienceMs: 1000,
  settleMs: 300_000,
};

/** What a dispatcher is made of. The stores live in `database`, whose transactions span them. */
export interface DispatcherParts {
  readonly registry: CommandIndex;
  readonly permissions: Permissions;
  /** All but `jobs` and `speech`, which are the dispatcher's own. */
  readonly capabilities: Omit<Capabilities, 'jobs' | 'speech'>;
  readonly database: Pick<Database, 'transaction'>;
  readonly jobs: JobStore;
  readonly confirmations: ConfirmationStore;
  readonly ledger: Pick<Ledger, 'markHandled'>;
  readonly outbox: Pick<Outbox, 'eventOf'>;
  readonly audit: Pick<AuditChain, 'append'>;
  readonly storage: Pick<StorageGuard, 'assertWritable'>;
  /** Answers in rooms; the job's origin says where. */
  readonly room: Surface;
  readonly policy: () => DispatchPolicy;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
}
