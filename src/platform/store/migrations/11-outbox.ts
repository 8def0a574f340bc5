import type { Migration } from '../migrate.ts';

/** Messages, written before they are sent. */
export const outboxMigration: Migration = {
  version: 11,
  name: 'outbox',
  sql: `
    CREATE TABLE outbox (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      transaction_id TEXT NOT NULL UNIQUE,
      room_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      priority INTEGER NOT NULL,
      merge_key TEXT,
      body TEXT NOT NULL,
      data BLOB,
      queued_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      first_tried_at INTEGER,
      state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'dropped')),
      event_id TEXT,
      ended_at INTEGER,
      failure TEXT
    ) STRICT;
    CREATE INDEX outbox_queued ON outbox (lane, sequence) WHERE state = 'queued';
    CREATE INDEX outbox_merge ON outbox (room_id, merge_key, sequence) WHERE merge_key IS NOT NULL;
    CREATE INDEX outbox_event ON outbox (event_id) WHERE event_id IS NOT NULL;
    CREATE INDEX outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;
  `,
};
