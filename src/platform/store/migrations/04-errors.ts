import type { Migration } from '../migrate.ts';

/** Failures that people were given an id for. */
export const errorsMigration: Migration = {
  version: 4,
  name: 'errors',
  sql: `
    CREATE TABLE errors (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      at INTEGER NOT NULL,
      command TEXT,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX errors_at ON errors (at);
  `,
};
