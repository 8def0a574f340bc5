import { z } from 'zod';
import { parseEventId, parseRoomId, type EventId, type RoomId } from '../../core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import type { Database } from './database.ts';

/** An encrypted event that waits for its key. */
export interface LockedEvent {
  readonly eventId: EventId;
  readonly room: RoomId;
  /** As the home server gave it. */
  readonly event: JsonObject;
  readonly reason: string;
  /** ms since the epoch, our clock. */
  readonly seenAt: number;
}

const lockedRow = z
  .object({
    event_id: z.string().transform(parseEventId),
    room_id: z.string().transform(parseRoomId),
    event: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(jsonObjectSchema),
    reason: z.string(),
    seen_at: z.int(),
  })
  .transform((row): LockedEvent => ({
    eventId: row.event_id,
    room: row.room_id,
    event: row.event,
    reason: row.reason,
    seenAt: row.seen_at,
  }));

const columns = 'event_id, room_id, event, reason, seen_at';

/** So many are kept; then the oldest goes. Who sends more than that can't be helped by waiting. */
const kept = 500;

/** Events that could not be read yet. Every method that writes is part of the caller's transaction. */
export class LockedEvents {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One that is there already stays as it is. */
  add({ eventId, room, event, reason, seenAt }: LockedEvent): void {
    this.#database.run(
      `INSERT INTO locked_events (event_id, room_id, sequence, event, reason, seen_at)
       VALUES (:eventId, :room,
         (SELECT coalesce(max(sequence), 0) + 1 FROM locked_events), :event, :reason, :seenAt)
       ON CONFLICT (event_id) DO NOTHING`,
      { eventId, room, event: JSON.stringify(event), reason, seenAt },
    );
    this.#database.run(
      `DELETE FROM locked_events WHERE sequence <= (SELECT max(sequence) FROM locked_events) - :kept`,
      { kept },
    );
  }

  /** All, in the order in which they were said. */
  all(): readonly LockedEvent[] {
    return this.#database.all(lockedRow, `SELECT ${columns} FROM locked_events ORDER BY sequence`);
  }

  /** Those of which nothing was said in the room yet, and that were seen before (ms since the epoch). */
  untold(before: number): readonly LockedEvent[] {
    return this.#database.all(
      lockedRow,
      `SELECT ${columns} FROM locked_events WHERE told = 0 AND seen_at <= :before ORDER BY sequence`,
      { before },
    );
  }

  noteTold(event: EventId): void {
    this.#database.run('UPDATE locked_events SET told = 1 WHERE event_id = :event', { event });
  }

  /** It was opened, or never will be. */
  remove(event: EventId): void {
    this.#database.run('DELETE FROM locked_events WHERE event_id = :event', { event });
  }
}
