import type { Migration } from '../migrate.ts';

/** Every timeline event that was read, so that none is acted on twice. */
export const ledgerMigration: Migration = {
  version: 10,
  name: 'ledger',
  sql: `
    CREATE TABLE ledger (
      sequence INTEGER PRIMARY KEY,
      event_id TEXT NOT NULL UNIQUE,
      room_id TEXT NOT NULL,
      sender TEXT NOT NULL,
      age_ms INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL,
      pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
      input TEXT CHECK (pending = 0 OR input IS NOT NULL)
    ) STRICT;
    CREATE INDEX ledger_pending ON ledger (sequence) WHERE pending = 1;
    CREATE INDEX ledger_room ON ledger (room_id, sequence);
  `,
};
