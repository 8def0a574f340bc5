import type { EventId, JobId } from '../../core/ids.ts';
import type { JobDraft, JobRecord } from '../../platform/store/jobs.ts';
import type { Invocation } from '../parse/invocation.ts';
import type { DispatcherParts } from '../parts.ts';
import type { Surface } from '../surface.ts';
import { Deferred } from './deferred.ts';
import { LeftForNextStart, type Shutdown } from './shutdown.ts';

/** What a job needs of the place where it is done. */
export interface JobsHome {
  readonly parts: Pick<DispatcherParts, 'database' | 'jobs' | 'ledger' | 'capabilities'>;
  readonly shutdown: Shutdown;
  /** Jobs of this process that are in the store and not finished. */
  readonly open: Map<JobId, OpenJob>;
}

/** A job as it comes in, or as it is taken up again. */
export interface OpenJobOptions {
  readonly draft: JobDraft;
  /** Null: the line was not understood, or is no longer; `problem` says why. */
  readonly invocation: Invocation | null;
  readonly problem?: unknown;
  /** Where its answer goes; null: whoever asked is gone. */
  readonly surface: Surface | null;
  /** The room event that it answers for, handled with the first write. */
  readonly event?: EventId;
  /** Whether there is somebody who can be asked. Default: yes. */
  readonly mayAsk?: boolean;
  /** The row, where there is one already. */
  readonly record?: JobRecord;
}

/**
 * A job of this process. Its row is written with the first thing that has to be remembered: an
 * answer that is ready at once is one transaction, event, job, audit line and answer together.
 */
export class OpenJob {
  readonly draft: JobDraft;
  readonly invocation: Invocation | null;
  readonly problem: unknown;
  readonly surface: Surface | null;
  readonly mayAsk: boolean;
  readonly #desk: JobsHome;
  readonly #cancel = new AbortController();
  readonly #written = new Deferred<undefined>();
  readonly #ended = new Deferred<JobRecord>();
  #begunAt: number;
  #working = false;
  #left = false;
  #event: EventId | null;
  #record: JobRecord | null;

  constructor(desk: JobsHome, options: OpenJobOptions) {
    this.#desk = desk;
    this.draft = options.draft;
    this.invocation = options.invocation;
    this.problem = options.problem;
    this.surface = options.surface;
    this.mayAsk = options.mayAsk ?? true;
    this.#begunAt = desk.parts.capabilities.clock.monotonic();
    this.#event = options.event ?? null;
    this.#record = options.record ?? null;
    if (this.#record !== null) this.#remember(this.#record);
  }

  /** The row; null: not written yet. */
  get record(): JobRecord | null {
    return this.#record;
  }

  /** Resolves when its input is safe in the store; rejects with what kept it from that. */
  get written(): Promise<undefined> {
    return this.#written.promise;
  }

  /** Resolves with the finished job; rejects with what kept it from finishing here. */
  get ended(): Promise<JobRecord> {
    return this.#ended.promise;
  }

  /** When it was taken up, by the steady clock, ms. The time that a person took to answer is not in it. */
  get begunAt(): number {
    return this.#begunAt;
  }

  /** It is taken up (again). */
  begin(): void {
    this.#begunAt = this.#desk.parts.capabilities.clock.monotonic();
  }

  /** Aborted when somebody wants it stopped. */
  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  /** Tells the running job to stop; that it was asked for stands in the row. */
  cancel(reason: Error): void {
    this.#cancel.abort(reason);
  }

  /**
   * Changes the job and whatever belongs to it in one transaction. `change` may run twice and must
   * do nothing outside the database. Throws what the store throws, and `LeftForNextStart`.
   */
  write(change: (job: JobRecord) => JobRecord): JobRecord {
    this.#desk.shutdown.assertWritable();
    if (this.#left) throw new LeftForNextStart();
    const record = this.#desk.parts.database.transaction(() =>
      change(this.#record ?? this.#create()),
    );
    this.#record = record;
    this.#remember(record);
    return record;
  }

  /** True once: whether the surface is to say that it works on it. */
  claimWorking(): boolean {
    const first = !this.#working;
    this.#working = true;
    return first;
  }

  /** Gives it up in this process without an answer; nothing of it is written here any more. */
  leave(error: unknown): void {
    this.#left = true;
    this.#cancel.abort(new LeftForNextStart());
    if (this.#record !== null) this.#desk.open.delete(this.#record.id);
    this.#written.reject(error);
    this.#ended.reject(error);
  }

  #create(): JobRecord {
    if (this.#event !== null) this.#desk.parts.ledger.markHandled(this.#event);
    return this.#desk.parts.jobs.create(this.draft);
  }

  #remember(record: JobRecord): void {
    this.#event = null;
    if (record.state === 'finished') {
      this.#desk.open.delete(record.id);
      this.#ended.resolve(record);
    } else this.#desk.open.set(record.id, this);
    this.#written.resolve(undefined);
  }
}
