import type { Migration } from '../migrate.ts';

/** Measured values by the name of their series, e.g. free bytes of a disk. */
export const samplesMigration: Migration = {
  version: 45,
  name: 'samples',
  sql: `
    CREATE TABLE samples (
      series TEXT NOT NULL,
      at INTEGER NOT NULL,
      value REAL NOT NULL,
      PRIMARY KEY (series, at)
    ) STRICT, WITHOUT ROWID;
  `,
};
