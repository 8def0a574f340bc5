import type { Migration } from '../migrate.ts';

/** Notes to registration tokens, by handle; the tokens themselves are not kept here. */
export const tokenNotesMigration: Migration = {
  version: 5,
  name: 'token notes',
  sql: `
    CREATE TABLE token_notes (
      handle TEXT PRIMARY KEY,
      note TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
