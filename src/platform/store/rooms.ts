import { z } from 'zod';
import { parseRoomId, parseUserId } from '../../core/ids.ts';
import type { RoomId, UserId } from '../../core/ids.ts';
import type { Database } from './database.ts';

/** What a room is for. `direct`: a chat with one person; `alerts`: a room that the config names for them. */
export type RoomPurpose = 'admin' | 'direct' | 'alerts';

/** How the bot came to a room: made it, was told its id (or invited to it), or followed an upgrade. */
export type RoomOrigin = 'made' | 'named' | 'followed';

/** A room that the bot lives in, or means to. */
export interface StoredRoom {
  /** Made before the room is; stands in the creation event of a room that the bot made. */
  readonly marker: string;
  /** Null: about to be made, or a crash came in between. */
  readonly id: RoomId | null;
  readonly purpose: RoomPurpose;
  /** Whom a direct room is with; null in other rooms. */
  readonly person: UserId | null;
  /** What the config calls a room for alerts; null in other rooms. */
  readonly name: string | null;
  readonly origin: RoomOrigin;
  /** The room that took its place (`m.room.tombstone`). */
  readonly replacedBy: RoomId | null;
  /** People not on the list about whom the room was warned last, sorted. */
  readonly warnedAbout: readonly string[];
  /** It was said in this room that no commands are taken there. */
  readonly wasTold: boolean;
}

const row = z
  .object({
    marker: z.string(),
    room_id: z.string().transform(parseRoomId).nullable(),
    purpose: z.enum(['admin', 'direct', 'alerts']),
    person: z.string().transform(parseUserId).nullable(),
    name: z.string().nullable(),
    origin: z.enum(['made', 'named', 'followed']),
    replaced_by: z.string().transform(parseRoomId).nullable(),
    warned_about: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(z.array(z.string())),
    was_told: z.int(),
  })
  .transform((found): StoredRoom => ({
    marker: found.marker,
    id: found.room_id,
    purpose: found.purpose,
    person: found.person,
    name: found.name,
    origin: found.origin,
    replacedBy: found.replaced_by,
    warnedAbout: found.warned_about,
    wasTold: found.was_told === 1,
  }));

/** The rooms of the bot, over restarts. */
export class RoomStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. */
  all(purpose: RoomPurpose): readonly StoredRoom[] {
    return this.#database.all(
      row,
      'SELECT * FROM rooms WHERE purpose = :purpose ORDER BY made_at DESC, rowid DESC',
      { purpose },
    );
  }

  /** The room of this purpose that is in use; null: there is none yet. */
  present(purpose: RoomPurpose): RoomId | null {
    const rooms = this.all(purpose);
    return rooms.find(({ id, replacedBy }) => id !== null && replacedBy === null)?.id ?? null;
  }

  find(room: RoomId): StoredRoom | null {
    return this.#database.get(row, 'SELECT * FROM rooms WHERE room_id = :room', { room });
  }

  /**
   * Notes that a room is wanted, before anything is done about it. `now`: ms since the epoch;
   * `person`: whom a direct room is with; `name`: of a room for alerts.
   */
  intend(
    marker: string,
    purpose: RoomPurpose,
    origin: RoomOrigin,
    now: number,
    person: UserId | null = null,
    name: string | null = null,
  ): void {
    this.#database.run(
      `INSERT INTO rooms (marker, purpose, origin, made_at, person, name)
       VALUES (:marker, :purpose, :origin, :now, :person, :name)`,
      { marker, purpose, origin, now, person, name },
    );
  }

  /** The room is there. */
  settle(marker: string, room: RoomId): void {
    this.#database.run('UPDATE rooms SET room_id = :room WHERE marker = :marker', { marker, room });
  }

  /** The intention came to nothing. */
  forget(marker: string): void {
    this.#database.run('DELETE FROM rooms WHERE marker = :marker', { marker });
  }

  replace(room: RoomId, by: RoomId): void {
    this.#database.run('UPDATE rooms SET replaced_by = :by WHERE room_id = :room', { room, by });
  }

  /** It was said in this room that no commands are taken there. */
  setTold(room: RoomId): void {
    this.#database.run('UPDATE rooms SET was_told = 1 WHERE room_id = :room', { room });
  }

  setWarned(room: RoomId, people: readonly string[]): void {
    this.#database.run('UPDATE rooms SET warned_about = :people WHERE room_id = :room', {
      room,
      people: JSON.stringify(people),
    });
  }
}
