import { z } from 'zod';
import type { Database } from './database.ts';

/** A notification that was accepted and not taken in yet. */
export interface AlertPost {
  readonly sequence: number;
  /** ms since the epoch. */
  readonly receivedAt: number;
  /** JSON of our own making. */
  readonly body: string;
}

const postRow = z
  .object({ sequence: z.int(), received_at: z.int(), body: z.string() })
  .transform((row): AlertPost => ({
    sequence: row.sequence,
    receivedAt: row.received_at,
    body: row.body,
  }));
const sizeRow = z.object({ sequence: z.int(), bytes: z.int() });
const depthRow = z.object({ count: z.int(), oldest: z.int().nullable() });

/** Alert notifications between their acceptance and their effect, in the order of their coming. */
export class AlertPosts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All of them or none; durable after `Database.pressed`. Throws what the store throws. */
  add(bodies: readonly string[], now: number): void {
    this.#database.relaxedTransaction(() => {
      for (const body of bodies) {
        this.#database.run('INSERT INTO alert_posts (received_at, body) VALUES (:now, :body)', {
          now,
          body,
        });
      }
    });
  }

  /** The oldest ones: one at least where there is any, no more than `mostBytes` if it is more. */
  first(limit: number, mostBytes: number): readonly AlertPost[] {
    const sizes = this.#database.all(
      sizeRow,
      `SELECT sequence, octet_length(body) AS bytes FROM alert_posts
       ORDER BY sequence LIMIT :limit`,
      { limit },
    );
    let bytes = 0;
    const tooMuch = sizes.findIndex((row, nth) => {
      bytes += row.bytes;
      return nth > 0 && bytes > mostBytes;
    });
    const last = sizes.at(tooMuch === -1 ? -1 : tooMuch - 1)?.sequence;
    if (last === undefined) return [];
    return this.#database.all(
      postRow,
      `SELECT sequence, received_at, body FROM alert_posts WHERE sequence <= :last
       ORDER BY sequence`,
      { last },
    );
  }

  /** They have had their effect. Part of the transaction of that. */
  removeUpTo(sequence: number): void {
    this.#database.run('DELETE FROM alert_posts WHERE sequence <= :sequence', { sequence });
  }

  /** How many wait, and how long the oldest has (ms; 0 where none does). */
  depth(now: number): { readonly waiting: number; readonly oldestAgeMs: number } {
    const row = this.#database.get(
      depthRow,
      'SELECT count(*) AS count, min(received_at) AS oldest FROM alert_posts',
    );
    const oldest = row?.oldest ?? now;
    return { waiting: row?.count ?? 0, oldestAgeMs: Math.max(0, now - oldest) };
  }
}
