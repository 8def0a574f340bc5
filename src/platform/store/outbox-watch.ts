import { z } from 'zod';
import type { Database } from './database.ts';
import { priorities } from './outbox.ts';

/** What waits for one room, its oldest message first. */
export interface WaitingRoom {
  readonly room: string;
  /** Of the oldest one. */
  readonly sequence: number;
  /** Of the oldest one, ms since the epoch. */
  readonly queuedAt: number;
  readonly count: number;
}

const waitingRow = z
  .object({ room_id: z.string(), sequence: z.int(), queued_at: z.int(), count: z.int() })
  .transform(({ room_id: room, queued_at: queuedAt, ...rest }): WaitingRoom => ({
    room,
    queuedAt,
    ...rest,
  }));
const endRow = z.object({ queued_at: z.int(), state: z.string() });
const countRow = z.object({ count: z.int() });
const last = priorities.indexOf('answer');

/** The outbox from the outside: whether the home server takes what people wait for. */
export class OutboxWatch {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Alerts and answers that wait. Not edits of a status and anchors, which have time, nor secrets,
   * which wait for their person.
   */
  waiting(): readonly WaitingRoom[] {
    return this.#database.all(
      waitingRow,
      // The bare column is that of the row with the minimum (sqlite.org/lang_select.html#bareagg).
      `SELECT room_id, min(sequence) AS sequence, queued_at, count(*) AS count FROM outbox
       WHERE state = 'queued' AND priority <= :last AND json_extract(body, '$.kind') <> 'secret'
       GROUP BY room_id`,
      { last },
    );
  }

  /**
   * When the newest of a room's that has ended was queued (ms since the epoch), if it was refused for
   * good; null: it was sent.
   */
  refusedSince(room: string): number | null {
    const row = this.#database.get(
      endRow,
      `SELECT queued_at, state FROM outbox
       WHERE ended_at IS NOT NULL AND room_id = :room AND state IN ('sent', 'failed')
         AND priority <= :last
       ORDER BY ended_at DESC, sequence DESC LIMIT 1`,
      { room, last },
    );
    return row?.state === 'failed' ? row.queued_at : null;
  }

  /** How many of them were sent since `since` and had been queued up to `until`; both ms. */
  sent(since: number, until: number): number {
    const row = this.#database.get(
      countRow,
      `SELECT count(*) AS count FROM outbox
       WHERE ended_at >= :since AND state = 'sent' AND priority <= :last AND queued_at <= :until`,
      { last, since, until },
    );
    return row?.count ?? 0;
  }
}
