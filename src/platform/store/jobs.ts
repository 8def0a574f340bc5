import { randomInt } from 'node:crypto';
import { parseJobId, type JobId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';
import type { Database } from './database.ts';
import { columns, countRow, idRow, jobRow, latestRow } from './job-row.ts';
import type { Consent, JobRecord } from './job.ts';
import { storableReport } from './stored-report.ts';

export type { Consent, Job, JobRecord, Origin } from './job.ts';

/** What is known of a job when it comes in. */
export type JobDraft = Pick<
  JobRecord,
  'origin' | 'rank' | 'language' | 'line' | 'command' | 'input' | 'dryRun' | 'consent'
> & { readonly now: number };

/** A step on a job's way; what is left out stays as it is. */
export interface Transition {
  readonly state: 'waiting' | 'queued' | 'running';
  readonly facts?: JsonObject | null;
  readonly consent?: Consent;
  readonly step?: string | null;
}

/**
 * Jobs in the store. Every method that writes is part of the caller's transaction and returns the
 * job as it is then; it throws where the job is finished already, since that would be a second end.
 */
export class JobStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes a new job, `queued`, under an id that no other has. */
  create(draft: JobDraft): JobRecord {
    const { now, ...given } = draft;
    const id = this.#freeId();
    this.#database.run(
      `INSERT INTO jobs (id, origin, rank, language, line, command, input, dry_run, consent, state,
         checkpoints, created_at, changed_at)
       VALUES (:id, :origin, :rank, :language, :line, :command, :input, :dryRun, :consent, 'queued',
         '{}', :now, :now)`,
      {
        id,
        origin: JSON.stringify(given.origin),
        rank: given.rank,
        language: given.language,
        line: given.line,
        command: given.command,
        input: JSON.stringify(given.input),
        dryRun: given.dryRun ? 1 : 0,
        consent: given.consent,
        now,
      },
    );
    const row = this.#database.get(idRow, 'SELECT last_insert_rowid() AS sequence');
    return {
      ...given,
      id,
      sequence: row?.sequence ?? 0,
      cancelledBy: null,
      facts: null,
      state: 'queued',
      step: null,
      checkpoints: {},
      outcome: null,
      report: null,
      createdAt: now,
      startedAt: null,
      changedAt: now,
      finishedAt: null,
    };
  }

  /** Null: there is none of that id. */
  get(id: JobId): JobRecord | null {
    return this.#database.get(jobRow, `SELECT ${columns} FROM jobs WHERE id = :id`, { id });
  }

  /** Newest first. */
  list(query: { readonly includeFinished: boolean; readonly limit: number }): readonly JobRecord[] {
    const where = query.includeFinished ? '' : `WHERE state <> 'finished'`;
    return this.#database.all(
      jobRow,
      `SELECT ${columns} FROM jobs ${where} ORDER BY sequence DESC LIMIT :limit`,
      { limit: query.limit },
    );
  }

  /** All that are not finished, oldest first. */
  unfinished(): readonly JobRecord[] {
    return this.#database.all(
      jobRow,
      `SELECT ${columns} FROM jobs WHERE state <> 'finished' ORDER BY sequence`,
    );
  }

  /** Moves the job on. The first time it runs is when it started. */
  transition(job: JobRecord, change: Transition, now: number): JobRecord {
    const { state, facts = job.facts, consent = job.consent, step = job.step } = change;
    const startedAt = job.startedAt ?? (state === 'running' ? now : null);
    this.#write(
      job.id,
      'state = :state, facts = :facts, consent = :consent, step = :step, started_at = :startedAt, changed_at = :now',
      {
        state,
        facts: facts === null ? null : JSON.stringify(facts),
        consent,
        step,
        startedAt,
        now,
      },
    );
    return { ...job, state, facts, consent, step, startedAt, changedAt: now };
  }

  /** Keeps a step's result; `next` starts in the same moment, null: nothing starts now. */
  checkpoint(
    job: JobRecord,
    done: { readonly step: string; readonly result: JsonObject; readonly next: string | null },
    now: number,
  ): JobRecord {
    const checkpoints = { ...job.checkpoints, [done.step]: done.result };
    const step = done.next ?? done.step;
    this.#write(job.id, 'checkpoints = :checkpoints, step = :step, changed_at = :now', {
      checkpoints: JSON.stringify(checkpoints),
      step,
      now,
    });
    return { ...job, checkpoints, step, changedAt: now };
  }

  /** Notes who wants it stopped; the runner sees to it, also after a restart. */
  requestCancel(job: JobRecord, by: string, now: number): JobRecord {
    this.#write(job.id, 'cancelled_by = :by, changed_at = :now', { by, now });
    return { ...job, cancelledBy: by, changedAt: now };
  }

  /** Ends it. `report` null: its answer is not kept. Files and secrets in it are left out. */
  finish(
    job: JobRecord,
    end: { readonly outcome: Outcome; readonly report: readonly ReportNode[] | null },
    now: number,
  ): JobRecord {
    const report = end.report === null ? null : storableReport(end.report);
    this.#write(
      job.id,
      `state = 'finished', outcome = :outcome, report = :report, finished_at = :now, changed_at = :now`,
      { outcome: end.outcome, report: report === null ? null : JSON.stringify(report), now },
    );
    return {
      ...job,
      state: 'finished',
      outcome: end.outcome,
      report,
      finishedAt: now,
      changedAt: now,
    };
  }

  /** The newest time that any job was written, ms since the epoch; 0: there is none. */
  latestChange(): number {
    return this.#database.get(latestRow, 'SELECT max(changed_at) AS latest FROM jobs')?.latest ?? 0;
  }

  /** Drops jobs that finished before (ms since the epoch) and returns how many. */
  forgetFinishedBefore(before: number): number {
    return this.#database.run(
      `DELETE FROM jobs WHERE state = 'finished' AND changed_at < :before`,
      { before },
    );
  }

  #write(
    id: JobId,
    assignments: string,
    values: Readonly<Record<string, string | number | null>>,
  ): void {
    const changed = this.#database.run(
      `UPDATE jobs SET ${assignments} WHERE id = :id AND state <> 'finished'`,
      { ...values, id },
    );
    if (changed !== 1) throw new Error(`job ${id} is finished or gone`);
  }

  // Not a running number: after a backup was restored, an id read in old messages must not name a new job.
  #freeId(): JobId {
    for (;;) {
      const id = parseJobId(`j${Array.from({ length: 5 }, randomLetter).join('')}`);
      const taken = this.#database.get(
        countRow,
        'SELECT count(*) AS count FROM jobs WHERE id = :id',
        { id },
      );
      if (taken?.count === 0) return id;
    }
  }
}

function randomLetter(): string {
  const letters = 'abcdefghkmnpqrstuvwxyz23456789';
  return letters.charAt(randomInt(letters.length));
}
