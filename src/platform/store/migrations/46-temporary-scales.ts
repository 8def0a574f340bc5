import type { Migration } from '../migrate.ts';

/** Numbers of replicas that were changed for a while, to be handed back. */
export const temporaryScalesMigration: Migration = {
  version: 46,
  name: 'temporary scales',
  sql: `
    CREATE TABLE temporary_scales (
      -- Namespace, kind and name of the workload.
      workload TEXT PRIMARY KEY,
      component TEXT NOT NULL,
      -- What it was before the first change, and what it is wanted to be meanwhile.
      original INTEGER NOT NULL,
      wanted INTEGER NOT NULL,
      until INTEGER NOT NULL,
      -- Who asked for it, for the audit log.
      actor TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
