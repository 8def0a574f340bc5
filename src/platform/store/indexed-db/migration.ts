import type { Migration } from '../migrate.ts';

/**
 * Tables of {@link openDurableIndexedDb}. Rows are sealed, and found by an address that tells nothing
 * of the key: some stores of the Matrix crypto have a user's id as the key, in clear.
 */
export const indexedDbMigration: Migration = {
  version: 20,
  name: 'indexed db',
  sql: `
    CREATE TABLE indexed_db_seal (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      fingerprint BLOB NOT NULL
    ) STRICT;
    CREATE TABLE indexed_db (
      -- An id is never used again: what a deleted database still writes must not reach its successor.
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE indexed_db_store (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      database_id INTEGER NOT NULL REFERENCES indexed_db (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      key_path TEXT NOT NULL,
      UNIQUE (database_id, name)
    ) STRICT;
    CREATE TABLE indexed_db_index (
      store_id INTEGER NOT NULL REFERENCES indexed_db_store (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      key_path TEXT NOT NULL,
      is_unique INTEGER NOT NULL,
      is_multi_entry INTEGER NOT NULL,
      PRIMARY KEY (store_id, name)
    ) STRICT;
    CREATE TABLE indexed_db_row (
      store_id INTEGER NOT NULL REFERENCES indexed_db_store (id) ON DELETE CASCADE,
      address BLOB NOT NULL,
      sealed BLOB NOT NULL,
      PRIMARY KEY (store_id, address)
    ) STRICT;
  `,
};
