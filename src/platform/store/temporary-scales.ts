import { z } from 'zod';
import type { Database } from './database.ts';

/** A number of replicas that was changed for a while. */
export interface TemporaryScale {
  /** `namespace/kind/name` of the workload. */
  readonly workload: string;
  readonly component: string;
  readonly original: number;
  readonly wanted: number;
  /** When it is handed back, ms since the epoch. */
  readonly until: number;
  readonly actor: string;
}

/** What has to be handed back. Every method is part of the caller's transaction. */
export interface TemporaryScales {
  all(): readonly TemporaryScale[];
  find(workload: string): TemporaryScale | null;
  /** A second change of the same workload keeps the `original` of the first. */
  put(scale: TemporaryScale): void;
  /** Only while it is what was read: another change may have come in between. */
  remove(scale: TemporaryScale): void;
}

const row = z.object({
  workload: z.string(),
  component: z.string(),
  original: z.int(),
  wanted: z.int(),
  until: z.int(),
  actor: z.string(),
});

/** The temporary scales of a store that has the migration of that name. */
export function createTemporaryScales(database: Database): TemporaryScales {
  return {
    all: () => database.all(row, 'SELECT * FROM temporary_scales ORDER BY until'),
    find: (workload) =>
      database.get(row, 'SELECT * FROM temporary_scales WHERE workload = :workload', { workload }),
    put: (scale) => {
      database.run(
        `INSERT INTO temporary_scales (workload, component, original, wanted, until, actor)
         VALUES (:workload, :component, :original, :wanted, :until, :actor)
         ON CONFLICT (workload) DO UPDATE
         SET wanted = excluded.wanted, until = excluded.until, actor = excluded.actor`,
        { ...scale },
      );
    },
    remove: ({ workload, until, wanted }) => {
      database.run(
        `DELETE FROM temporary_scales
         WHERE workload = :workload AND until = :until AND wanted = :wanted`,
        { workload, until, wanted },
      );
    },
  };
}
