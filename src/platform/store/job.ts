import type { EventId, JobId, RoomId, UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';
import type { Rank } from '../../core/roles.ts';
import type { Language } from '../../core/words/index.ts';

/** Where a job came from and where its answer goes. */
export type Origin =
  | {
      readonly surface: 'room';
      readonly room: RoomId;
      readonly event: EventId;
      readonly thread: EventId | null;
      readonly sender: UserId;
    }
  | { readonly surface: 'terminal'; readonly session: string; readonly login: string };

/**
 * `waiting`: asks for confirmation · `queued`: waits for its resources · `running` · `finished`.
 * A process that dies leaves `running` jobs; the next start settles them.
 */
export type JobState = 'waiting' | 'queued' | 'running' | 'finished';

/** One command that was accepted, from then until long after it ended. */
export interface Job {
  readonly id: JobId;
  readonly origin: Origin;
  readonly language: Language;
  /** Canonical command line, secrets masked. */
  readonly line: string;
  /** `user add` */
  readonly command: string;
  /** Raw values by argument and flag name, as typed. */
  readonly input: JsonObject;
  /** What `plan()` found; null until then and for reads. */
  readonly facts: JsonObject | null;
  readonly state: JobState;
  /** Name of the step that runs or ran last. */
  readonly step: string | null;
  /** Results of finished steps, by step name. */
  readonly checkpoints: JsonObject;
  readonly outcome: Outcome | null;
  readonly report: readonly ReportNode[] | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** Whether somebody must say yes before it runs. `given`: he did, by `--yes` too, or nobody has to. */
export type Consent = 'needed' | 'given';

/** A {@link Job} with what only its runner needs. */
export interface JobRecord extends Job {
  /** Order in which jobs came in. */
  readonly sequence: number;
  /** What he could do who asked, when he asked. For people the list of now decides, not this. */
  readonly rank: Rank;
  readonly dryRun: boolean;
  readonly consent: Consent;
  /** Who asked that it be stopped; null: nobody. */
  readonly cancelledBy: string | null;
  /** When the row was last written, ms since the epoch. */
  readonly changedAt: number;
}
