import { z } from 'zod';
import type { Database } from './database.ts';

/** One measured value of a series. `at` in ms since the epoch. */
export interface StoredSample {
  readonly at: number;
  readonly value: number;
}

/** Measured values by series, for what is drawn and foretold. */
export interface Samples {
  /** Writes what was measured at one moment, and forgets what is older than `keepMs` of each. */
  add(at: number, values: ReadonlyMap<string, number>, keepMs: number): void;
  /** From `since` on, oldest first. */
  range(series: string, since: number): readonly StoredSample[];
  /** The newest; null: there is none. */
  latest(series: string): StoredSample | null;
  /** Names of series that begin so and have values from `since` on, in order. */
  names(prefix: string, since: number): readonly string[];
}

const row = z.object({ at: z.number(), value: z.number() });
const nameRow = z.object({ series: z.string() });

/** The samples of a store that has the migration `samples`. */
export function createSamples(database: Database): Samples {
  return {
    add: (at, values, keepMs) => {
      database.transaction(() => {
        for (const [series, value] of values) {
          database.run(
            `INSERT INTO samples (series, at, value) VALUES (:series, :at, :value)
             ON CONFLICT (series, at) DO UPDATE SET value = excluded.value`,
            { series, at, value },
          );
          const before = at - keepMs;
          const old = 'DELETE FROM samples WHERE series = :series AND at < :before';
          database.run(old, { series, before });
        }
      });
    },
    range: (series, since) =>
      database.all(
        row,
        'SELECT at, value FROM samples WHERE series = :series AND at >= :since ORDER BY at',
        { series, since },
      ),
    latest: (series) =>
      database.get(
        row,
        'SELECT at, value FROM samples WHERE series = :series ORDER BY at DESC LIMIT 1',
        { series },
      ),
    names: (prefix, since) =>
      database
        .all(
          nameRow,
          `SELECT DISTINCT series FROM samples
           WHERE substr(series, 1, length(:prefix)) = :prefix AND at >= :since ORDER BY series`,
          { prefix, since },
        )
        .map(({ series }) => series),
  };
}
