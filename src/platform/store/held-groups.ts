import { z } from 'zod';
import type { OutboxId, RoomId } from '../../core/ids.ts';
import type { Database } from './database.ts';

/** A group of alerts of which people are told later. */
export interface HeldGroup {
  readonly group: string;
  /** From when on they have not heard of it, ms since the epoch. */
  readonly since: number;
}

const row = z
  .object({ id: z.string(), held_since: z.int() })
  .transform((found): HeldGroup => ({ group: found.id, since: found.held_since }));
const lostRow = z.object({ id: z.int(), made_at: z.int() });

/** Groups that wait to be told of. Every change is part of the caller's transaction. */
export class HeldGroups {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** From now on (ms); a group that waits already waits since then. */
  hold(group: string, now: number): void {
    this.#database.run(
      'UPDATE alert_groups SET held_since = coalesce(held_since, :now) WHERE id = :group',
      { group, now },
    );
  }

  /** It waits no more. Returns since when it did; null: it did not. */
  release(group: string): number | null {
    const found = this.#database.get(
      row,
      'SELECT id, held_since FROM alert_groups WHERE id = :group AND held_since IS NOT NULL',
      { group },
    );
    if (found === null) return null;
    this.#database.run('UPDATE alert_groups SET held_since = NULL WHERE id = :group', { group });
    return found.since;
  }

  /**
   * Those that have waited longest come first. `severity`: only groups in which something so bad
   * fires; null: all.
   */
  all(severity: number | null, limit: number): readonly HeldGroup[] {
    return this.#database.all(
      row,
      `SELECT id, held_since FROM alert_groups WHERE held_since IS NOT NULL
         AND (:severity IS NULL OR EXISTS (
           SELECT 1 FROM alert_incidents
           WHERE group_id = alert_groups.id AND state = 'firing' AND severity >= :severity))
       ORDER BY held_since, id LIMIT :limit`,
      { severity, limit },
    );
  }

  /**
   * The message with this row is not where people can read it: what it shows waits to be told of
   * anew, also what is over. False: there is no such message.
   */
  loseMessage(outbox: OutboxId): boolean {
    return this.#lose('outbox_id = :outbox', { outbox }, true) > 0;
  }

  /** The same for all messages of a room; what was over by then was told there. */
  loseRoom(room: RoomId): void {
    this.#lose('room_id = :room', { room }, false);
  }

  /** The same for all messages in rooms but these. */
  loseAllBut(rooms: readonly RoomId[]): void {
    const which = 'room_id NOT IN (SELECT value FROM json_each(:rooms))';
    this.#lose(which, { rooms: JSON.stringify(rooms) }, false);
  }

  #lose(which: string, values: Readonly<Record<string, string>>, alsoOver: boolean): number {
    const found = this.#database.all(
      lostRow,
      `UPDATE alert_messages SET is_gone = 1, is_stale = 0 WHERE ${which} AND is_gone = 0
       RETURNING id, made_at`,
      values,
    );
    for (const { id, made_at: madeAt } of found) {
      // What it told of had come some seconds before.
      const since = madeAt - 60_000;
      this.#database.run(
        `UPDATE alert_groups SET message = NULL, mentioned_at = NULL,
           held_since = coalesce(held_since, :since)
         WHERE message = :id AND (:alsoOver = 1 OR EXISTS (
           SELECT 1 FROM alert_incidents WHERE group_id = alert_groups.id AND state = 'firing'))`,
        { id, since, alsoOver: alsoOver ? 1 : 0 },
      );
    }
    return found.length;
  }
}
