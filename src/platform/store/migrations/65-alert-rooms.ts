import type { Migration } from '../migrate.ts';

/** Rooms for alerts, alerts that are told later, and silences as people in rooms see them. */
export const alertRoomsMigration: Migration = {
  version: 65,
  name: 'alert rooms',
  sql: `
    -- What the config calls a room for alerts; NULL for others.
    ALTER TABLE rooms ADD COLUMN name TEXT;
    -- Since when a group waits to be told of (ms); NULL: it does not.
    ALTER TABLE alert_groups ADD COLUMN held_since INTEGER;
    CREATE INDEX alert_groups_held ON alert_groups (held_since) WHERE held_since IS NOT NULL;
    -- What was over since then is in it (ms); NULL: since it was made.
    ALTER TABLE alert_messages ADD COLUMN over_since INTEGER;
    -- Questions of how long and why, after a reaction to an alert.
    CREATE TABLE silence_prompts (
      outbox_id TEXT PRIMARY KEY,
      room_id TEXT NOT NULL,
      -- Who reacted, and may answer.
      person TEXT NOT NULL,
      group_id TEXT NOT NULL,
      -- The message that shows the group: whose thread it stands in.
      message INTEGER NOT NULL,
      asked_at INTEGER NOT NULL,
      -- The event that is the answer; NULL: none yet.
      answered_by TEXT
    ) STRICT;
    CREATE TABLE silence_warnings (
      silence_id TEXT NOT NULL,
      -- A silence that was made longer is warned of again.
      ends_at INTEGER NOT NULL,
      PRIMARY KEY (silence_id, ends_at)
    ) STRICT, WITHOUT ROWID;
  `,
};
