import type { Migration } from '../migrate.ts';

/** Encrypted events that could not be read yet, and which message of a session was which event. */
export const lockedEventsMigration: Migration = {
  version: 31,
  name: 'locked events',
  sql: `
    CREATE TABLE locked_events (
      event_id TEXT PRIMARY KEY,
      room_id TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      event TEXT NOT NULL,
      reason TEXT NOT NULL,
      seen_at INTEGER NOT NULL,
      told INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE megolm_messages (
      session_id TEXT NOT NULL,
      message_index INTEGER NOT NULL,
      event_id TEXT NOT NULL,
      recorded_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, message_index)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX megolm_messages_age ON megolm_messages (recorded_at);
  `,
};
