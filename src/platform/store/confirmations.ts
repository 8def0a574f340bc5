import { z } from 'zod';
import {
  parseEventId,
  parseJobId,
  parseOutboxId,
  parseRoomId,
  type EventId,
  type JobId,
  type OutboxId,
  type RoomId,
} from '../../core/ids.ts';
import type { Database } from './database.ts';
import { idRow } from './job-row.ts';

/** How a question ended. `withdrawn`: too many wrong codes. */
export type QuestionEnd = 'confirmed' | 'cancelled' | 'expired' | 'withdrawn';

/** What was asked before a job may run. What was shown is the job's `facts`. */
export interface Question {
  readonly sequence: number;
  readonly job: JobId;
  /** Who may answer: a user id, or `local:` and a login. */
  readonly person: string;
  /** Null: asked on a terminal. */
  readonly room: RoomId | null;
  readonly thread: EventId | null;
  /** The message that was the command. */
  readonly commandEvent: EventId | null;
  readonly code: string;
  /** The outbox row of the question. */
  readonly prompt: OutboxId | null;
  readonly reason: 'destroy' | 'stale';
  /** ms since the epoch. */
  readonly askedAt: number;
  /** ms since the epoch. */
  readonly expiresAt: number;
  readonly wrongTries: number;
  /** Null: it is open. */
  readonly ended: QuestionEnd | null;
  readonly endedAt: number | null;
}

/** A question that is about to be asked. */
export type QuestionDraft = Omit<Question, 'sequence' | 'wrongTries' | 'ended' | 'endedAt'>;

const columns = `sequence, job, person, room, thread, command_event AS commandEvent, code, prompt, reason,
  asked_at AS askedAt, expires_at AS expiresAt, wrong_tries AS wrongTries, ended, ended_at AS endedAt`;

const row: z.ZodType<Question> = z.object({
  sequence: z.int(),
  job: z.string().transform(parseJobId),
  person: z.string(),
  room: z.string().transform(parseRoomId).nullable(),
  thread: z.string().transform(parseEventId).nullable(),
  commandEvent: z.string().transform(parseEventId).nullable(),
  code: z.string(),
  prompt: z.string().transform(parseOutboxId).nullable(),
  reason: z.enum(['destroy', 'stale']),
  askedAt: z.number(),
  expiresAt: z.number(),
  wrongTries: z.int(),
  ended: z.enum(['confirmed', 'cancelled', 'expired', 'withdrawn']).nullable(),
  endedAt: z.number().nullable(),
});

/** Questions in the store. Every method that writes is part of the caller's transaction. */
export class ConfirmationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes a new, open question. A job has at most one open question. */
  add(draft: QuestionDraft): Question {
    this.#database.run(
      `INSERT INTO confirmations (job, person, room, thread, command_event, code, prompt, reason, asked_at, expires_at)
       VALUES (:job, :person, :room, :thread, :commandEvent, :code, :prompt, :reason, :askedAt, :expiresAt)`,
      { ...draft },
    );
    const inserted = this.#database.get(idRow, 'SELECT last_insert_rowid() AS sequence');
    return {
      ...draft,
      sequence: inserted?.sequence ?? 0,
      wrongTries: 0,
      ended: null,
      endedAt: null,
    };
  }

  /** All that wait for an answer, oldest first. */
  open(): readonly Question[] {
    return this.#database.all(
      row,
      `SELECT ${columns} FROM confirmations WHERE ended IS NULL ORDER BY sequence`,
    );
  }

  /** All that ended since (ms since the epoch), newest first: a late answer is told so. */
  endedSince(since: number): readonly Question[] {
    return this.#database.all(
      row,
      `SELECT ${columns} FROM confirmations WHERE ended IS NOT NULL AND asked_at >= :since ORDER BY sequence DESC`,
      { since },
    );
  }

  /** The newest question of a job, open or not. */
  ofJob(job: JobId): Question | null {
    return this.#database.get(
      row,
      `SELECT ${columns} FROM confirmations WHERE job = :job ORDER BY sequence DESC LIMIT 1`,
      { job },
    );
  }

  /** Counts a wrong code and returns how many there were. */
  noteWrongTry(question: Question): number {
    this.#database.run(
      'UPDATE confirmations SET wrong_tries = wrong_tries + 1 WHERE sequence = :sequence',
      { sequence: question.sequence },
    );
    return question.wrongTries + 1;
  }

  /** Ends it. False: it had ended before, and this answer is nothing any more. */
  end(question: Question, how: QuestionEnd, now: number): boolean {
    return (
      this.#database.run(
        'UPDATE confirmations SET ended = :how, ended_at = :now WHERE sequence = :sequence AND ended IS NULL',
        { sequence: question.sequence, how, now },
      ) === 1
    );
  }
}
