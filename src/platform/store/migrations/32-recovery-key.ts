import type { Migration } from '../migrate.ts';

/** The recovery key of the bot's identity until its one reader has seen it. */
export const recoveryKeyMigration: Migration = {
  version: 32,
  name: 'recovery key',
  sql: `
    CREATE TABLE recovery_key (
      user_id TEXT PRIMARY KEY,
      -- NULL: nobody gets it here any more.
      sealed BLOB,
      made_at INTEGER NOT NULL,
      -- When all that it opens was in its place at the home server.
      ready_at INTEGER,
      shown_at INTEGER
    ) STRICT;
  `,
};
