import type { Migration } from '../migrate.ts';

/** Questions that were asked before a command may run. */
export const confirmationsMigration: Migration = {
  version: 21,
  name: 'confirmations',
  sql: `
    CREATE TABLE confirmations (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
      person TEXT NOT NULL,
      room TEXT,
      thread TEXT,
      command_event TEXT,
      code TEXT NOT NULL,
      prompt TEXT,
      reason TEXT NOT NULL CHECK (reason IN ('destroy', 'stale')),
      asked_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      wrong_tries INTEGER NOT NULL DEFAULT 0,
      ended TEXT CHECK (ended IN ('confirmed', 'cancelled', 'expired', 'withdrawn')),
      ended_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX confirmations_open ON confirmations (job) WHERE ended IS NULL;
    CREATE INDEX confirmations_asked ON confirmations (asked_at);
  `,
};
