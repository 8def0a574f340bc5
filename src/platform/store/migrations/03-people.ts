import type { Migration } from '../migrate.ts';

/** What people chose for themselves; who they are and what they may do stands in the config. */
export const peopleMigration: Migration = {
  version: 3,
  name: 'people',
  sql: `
    CREATE TABLE people (
      user_id TEXT PRIMARY KEY,
      language TEXT
    ) STRICT, WITHOUT ROWID;
  `,
};
