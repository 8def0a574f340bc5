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

/** More posts, or parts of them, do not wait: the disk has other things to keep. */
const mostWaiting = 20_000;

/** Alert notifications between their acceptance and their effect, in the order of their coming. */
export class AlertPosts {
  readonly #database: Database;
  readonly #most: number;

  /** `most`: so many can wait. */
  constructor(database: Database, most = mostWaiting) {
    this.#database = database;
    this.#most = most;
  }

  /**
   * All of them or none; durable after `Database.pressed`. Throws what the store throws, and where too
   * many would wait: those that do were answered with 2xx, so they stay, and the new ones are not taken.
   */
  add(bodies: readonly string[], now: number): void {
    if (this.depth(now).waiting + bodies.length > this.#most) {
      throw new Error('too many posts wait to be taken in');
    }
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
