import { z } from 'zod';
import { parseEventId, type EventId } from '../../core/ids.ts';
import type { Database } from './database.ts';

const eventRow = z.object({ event_id: z.string().transform(parseEventId) });

/** As long as the ledger knows events at the least, ms; an older replay is stale by its own age. */
const keptMs = 365 * 24 * 3_600_000;
const pruneEvery = 256;

/**
 * Which message of which Megolm session came as which event. The home server can send what somebody
 * encrypted once as a new event as often as it likes; the machine would open it each time.
 */
export class MegolmMessages {
  readonly #database: Database;
  #sincePruned = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Part of the caller's transaction. False: this message came as another event before; nothing may
   * follow from it again. `now`: ms since the epoch.
   */
  claim(session: string, index: number, event: EventId, now: number): boolean {
    this.#database.run(
      `INSERT INTO megolm_messages (session_id, message_index, event_id, recorded_at)
       VALUES (:session, :index, :event, :now) ON CONFLICT (session_id, message_index) DO NOTHING`,
      { session, index, event, now },
    );
    this.#prune(now);
    const owner = this.#database.get(
      eventRow,
      'SELECT event_id FROM megolm_messages WHERE session_id = :session AND message_index = :index',
      { session, index },
    );
    return owner?.event_id === event;
  }

  #prune(now: number): void {
    this.#sincePruned += 1;
    if (this.#sincePruned < pruneEvery) return;
    this.#sincePruned = 0;
    this.#database.run(
      `DELETE FROM megolm_messages WHERE (session_id, message_index) IN (
         SELECT session_id, message_index FROM megolm_messages
         WHERE recorded_at < :before ORDER BY recorded_at LIMIT :limit)`,
      { before: now - keptMs, limit: 2 * pruneEvery },
    );
  }
}
