import { z } from 'zod';
import { parseOutboxId } from '../../core/ids.ts';
import type { OutboxId } from '../../core/ids.ts';
import type { Database } from './database.ts';

/** What is known of the alert that always fires. Times in ms since the epoch. */
export interface StoredWatchdog {
  /** When it last came; null: never. */
  readonly seenAt: number | null;
  readonly phase: 'fine' | 'silent';
  /** Null: it is not silent. */
  readonly silentSince: number | null;
  /** What says so in the room; null: nothing was said yet. */
  readonly outbox: OutboxId | null;
}

const row = z
  .object({
    seen_at: z.int().nullable(),
    phase: z.enum(['fine', 'silent']),
    silent_since: z.int().nullable(),
    outbox_id: z.string().transform(parseOutboxId).nullable(),
  })
  .transform(
    ({ seen_at: seenAt, silent_since: silentSince, outbox_id: outbox, phase }): StoredWatchdog => ({
      ...{ seenAt, silentSince, outbox, phase },
    }),
  );

/** Keeps it over restarts. Every change is part of the caller's transaction. */
export class AlertWatchdog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(): StoredWatchdog {
    const sql = 'SELECT seen_at, phase, silent_since, outbox_id FROM alert_watchdog WHERE id = 1';
    const nothing = { seenAt: null, phase: 'fine', silentSince: null, outbox: null } as const;
    return this.#database.get(row, sql) ?? nothing;
  }

  put(watchdog: StoredWatchdog): void {
    this.#database.run(
      `INSERT INTO alert_watchdog (id, seen_at, phase, silent_since, outbox_id)
       VALUES (1, :seenAt, :phase, :silentSince, :outbox)
       ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, phase = excluded.phase,
         silent_since = excluded.silent_since, outbox_id = excluded.outbox_id`,
      { ...watchdog },
    );
  }
}
