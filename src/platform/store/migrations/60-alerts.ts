import type { Migration } from '../migrate.ts';

/** Alerts: posts as they came, incidents, and the messages that show them. */
export const alertsMigration: Migration = {
  version: 60,
  name: 'alerts',
  sql: `
    -- Accepted and not taken in yet.
    CREATE TABLE alert_posts (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      received_at INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE alert_messages (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL CHECK (kind IN ('group', 'digest')),
      room_id TEXT NOT NULL,
      outbox_id TEXT NOT NULL UNIQUE,
      made_at INTEGER NOT NULL,
      -- When the last group came to it.
      joined_at INTEGER NOT NULL,
      -- 1: it does not show any more what is so.
      is_stale INTEGER NOT NULL DEFAULT 0,
      -- 1: somebody has removed it.
      is_gone INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX alert_messages_stale ON alert_messages (id) WHERE is_stale = 1;
    CREATE INDEX alert_messages_made ON alert_messages (made_at);
    CREATE TABLE alert_groups (
      id TEXT PRIMARY KEY,
      receiver TEXT NOT NULL,
      group_key TEXT NOT NULL,
      labels TEXT NOT NULL,
      external_url TEXT NOT NULL,
      message INTEGER REFERENCES alert_messages (id),
      -- When people were last mentioned about it; NULL: never.
      mentioned_at INTEGER
    ) STRICT;
    CREATE INDEX alert_groups_message ON alert_groups (message);
    CREATE TABLE alert_incidents (
      group_id TEXT NOT NULL REFERENCES alert_groups (id),
      fingerprint TEXT NOT NULL,
      -- Alertmanager's word, ms.
      starts_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('firing', 'resolved')),
      ended_by TEXT CHECK (ended_by IN ('resolved', 'superseded', 'unreported')),
      -- Of the last resolve that was told, ms.
      ends_at INTEGER,
      -- Our clock, ms.
      opened_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      told_at INTEGER NOT NULL,
      severity INTEGER NOT NULL,
      name TEXT NOT NULL,
      labels TEXT NOT NULL,
      annotations TEXT NOT NULL,
      generator_url TEXT NOT NULL,
      ack_by TEXT,
      ack_at INTEGER,
      ack_note TEXT,
      PRIMARY KEY (group_id, fingerprint, starts_at)
    ) STRICT;
    CREATE INDEX alert_incidents_firing ON alert_incidents (severity DESC, opened_at) WHERE state = 'firing';
    CREATE INDEX alert_incidents_group_firing ON alert_incidents (group_id) WHERE state = 'firing';
    CREATE INDEX alert_incidents_fingerprint ON alert_incidents (fingerprint);
    CREATE INDEX alert_incidents_ended ON alert_incidents (changed_at) WHERE state = 'resolved';
  `,
};
