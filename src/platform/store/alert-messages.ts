import { z } from 'zod';
import type { EventId, OutboxId, RoomId } from '../../core/ids.ts';
import { messageRow, type AlertMessage } from './alert-row.ts';
import type { Database } from './database.ts';

const countRow = z.object({ count: z.int() });
const madeRow = z.object({ id: z.int() });

/** The messages that show alerts. Every change is part of the caller's transaction. */
export class AlertMessages {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: number): AlertMessage | null {
    return this.#database.get(messageRow, 'SELECT * FROM alert_messages WHERE id = :id', { id });
  }

  /** Returns its id. `now`: ms since the epoch; `overSince`: see `AlertMessage`. */
  make(
    kind: AlertMessage['kind'],
    room: RoomId,
    outbox: OutboxId,
    now: number,
    overSince: number = now,
  ): number {
    const made = this.#database.get(
      madeRow,
      `INSERT INTO alert_messages (kind, room_id, outbox_id, made_at, joined_at, over_since)
       VALUES (:kind, :room, :outbox, :now, :now, :overSince) RETURNING id`,
      { kind, room, outbox, now, overSince },
    );
    if (made === null) throw new Error('a message was not written');
    return made.id;
  }

  /** From now on the message shows the group, and no other does. */
  take(message: number, group: string, now: number): void {
    const before = { group };
    this.#database.run(
      `UPDATE alert_messages SET is_stale = 1
       WHERE id = (SELECT message FROM alert_groups WHERE id = :group)`,
      before,
    );
    this.#database.run('UPDATE alert_groups SET message = :message WHERE id = :group', {
      message,
      group,
    });
    this.#database.run('UPDATE alert_messages SET joined_at = :now WHERE id = :message', {
      message,
      now,
    });
  }

  /** What it shows is not so any more. */
  noteStale(group: string): void {
    this.#database.run(
      `UPDATE alert_messages SET is_stale = 1
       WHERE id = (SELECT message FROM alert_groups WHERE id = :group)`,
      { group },
    );
  }

  stale(limit: number): readonly AlertMessage[] {
    return this.#database.all(
      messageRow,
      'SELECT * FROM alert_messages WHERE is_stale = 1 ORDER BY id LIMIT :limit',
      { limit },
    );
  }

  noteShown(id: number): void {
    this.#database.run('UPDATE alert_messages SET is_stale = 0 WHERE id = :id', { id });
  }

  /** The newest digest that is still there in the room; null: there is none. */
  digest(room: RoomId): AlertMessage | null {
    return this.#database.get(
      messageRow,
      `SELECT * FROM alert_messages WHERE kind = 'digest' AND is_gone = 0 AND room_id = :room
       ORDER BY id DESC LIMIT 1`,
      { room },
    );
  }

  /** How many messages for single groups were made in the room since `since`, ms. */
  madeSince(room: RoomId, since: number): number {
    const sql = `SELECT count(*) AS count FROM alert_messages
      WHERE kind = 'group' AND room_id = :room AND made_at > :since`;
    return this.#database.get(countRow, sql, { room, since })?.count ?? 0;
  }

  /** The message that is this event; null: it is none of these. */
  ofEvent(event: EventId): AlertMessage | null {
    const sql = `SELECT * FROM alert_messages
      WHERE outbox_id = (SELECT id FROM outbox WHERE event_id = :event)`;
    return this.#database.get(messageRow, sql, { event });
  }

  /** Somebody has removed this event. False: it is none of these messages. */
  noteRemoved(event: EventId): boolean {
    const sql = `UPDATE alert_messages SET is_gone = 1
      WHERE outbox_id = (SELECT id FROM outbox WHERE event_id = :event)`;
    return this.#database.run(sql, { event }) > 0;
  }

  /** Forgets messages that were made before `before` (ms) and show nothing any more. */
  prune(before: number): void {
    this.#database.run(
      `DELETE FROM alert_messages WHERE made_at < :before
       AND NOT EXISTS (SELECT 1 FROM alert_groups WHERE message = alert_messages.id)`,
      { before },
    );
  }
}
