import type { OutboxId } from '../core/ids.ts';
import type { Outcome, ReportNode } from '../core/report.ts';
import type { Text } from '../core/text.ts';
import type { Job, Origin } from '../platform/store/jobs.ts';

/** The question that a destructive (or too old) command asks before it runs. */
export interface Prompt {
  /** Short code to be typed back. */
  readonly code: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** Why it asks: it destroys, it asks before it changes this, or it was read long after it was sent. */
  readonly reason: 'destroy' | 'asks' | 'stale';
  /** What will happen, from the plan. */
  readonly shown: readonly ReportNode[];
}

/**
 * Where a job's answers go: the room (through the outbox, durable) or a terminal session. `prompt`
 * and `finish` are called inside the transaction that changes the job's state and must not await.
 */
export interface Surface {
  /** No answer is ready after 500 ms: the room shows 👀 and one status message. */
  working(job: Job): void;
  /** What it is doing now; shown on the status message, paced by the surface. */
  progress(job: Job, text: Text): void;
  /** Something before the answer; it ends up in the store or on the screen, whatever comes then. */
  tell(job: Job, nodes: readonly ReportNode[]): void;
  /** Returns the outbox row of the question, so that a reaction to it can be recognised; null on a terminal. */
  prompt(job: Job, prompt: Prompt): OutboxId | null;
  finish(job: Job, report: readonly ReportNode[], outcome: Outcome): void;
  /** Whether what is said there is encrypted for those who are in the room. Missing means no. */
  isSealed?(origin: Origin): boolean;
}
