import type { Capabilities } from '../capabilities.ts';
import type { Plan } from '../command.ts';
import type { DispatcherParts, Limits } from '../parts.ts';
import type { JobsHome, OpenJob } from './open-job.ts';
import type { ResourceLocks } from './resource-locks.ts';
import type { Slots } from './slots.ts';

/** What all jobs of one dispatcher share. */
export interface Desk extends JobsHome {
  readonly parts: DispatcherParts;
  readonly capabilities: Omit<Capabilities, 'speech'>;
  readonly limits: Limits;
  readonly locks: ResourceLocks;
  readonly changes: Slots;
  readonly reads: Slots;
  /** What runs now, each until it is answered, waits for a person or is left. */
  readonly active: Set<Promise<void>>;
  /** Asks before it runs; the job waits then. */
  ask(job: OpenJob, plan: Plan, reason: 'destroy' | 'stale'): void;
}
