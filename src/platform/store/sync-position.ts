import { z } from 'zod';
import { parseEventId, parseRoomId } from '../../core/ids.ts';
import type { EventId, RoomId, UserId } from '../../core/ids.ts';
import type { Database } from './database.ts';

/** Up to where the timeline was read. */
export interface Position {
  /** The home server's `next_batch`. */
  readonly token: string;
  /** The last event of each room before that point, as far as one was seen. */
  readonly tails: ReadonlyMap<RoomId, EventId>;
}

const positionRow = z.object({ position: z.string() });
const tailRow = z.object({
  room_id: z.string().transform(parseRoomId),
  event_id: z.string().transform(parseEventId),
});

/** The sync position of one account. Written only after what it covers is in the ledger. */
export class SyncPosition {
  readonly #database: Database;
  readonly #user: UserId;

  constructor(database: Database, user: UserId) {
    this.#database = database;
    this.#user = user;
  }

  /** Null: this account never synced here, or the file was lost. */
  read(): Position | null {
    const user = this.#user;
    const row = this.#database.get(
      positionRow,
      'SELECT position FROM sync_position WHERE user_id = :user',
      { user },
    );
    if (row === null) return null;
    const tails = this.#database.all(
      tailRow,
      'SELECT room_id, event_id FROM room_tail WHERE user_id = :user',
      { user },
    );
    return { token: row.position, tails: new Map(tails.map((t) => [t.room_id, t.event_id])) };
  }

  /** Moves on. `tails` holds only the rooms in which something came. `now`: ms since the epoch. */
  write(token: string, tails: ReadonlyMap<RoomId, EventId>, now: number): void {
    const user = this.#user;
    this.#database.relaxedTransaction(() => {
      this.#database.run(
        `INSERT INTO sync_position (user_id, position, reached_at) VALUES (:user, :token, :now)
         ON CONFLICT (user_id) DO UPDATE SET position = :token, reached_at = :now`,
        { user, token, now },
      );
      for (const [room, event] of tails) {
        this.#database.run(
          `INSERT INTO room_tail (user_id, room_id, event_id) VALUES (:user, :room, :event)
           ON CONFLICT (user_id, room_id) DO UPDATE SET event_id = :event`,
          { user, room, event },
        );
      }
    });
  }
}
