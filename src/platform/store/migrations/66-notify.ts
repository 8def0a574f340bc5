import type { Migration } from '../migrate.ts';

/** What people are told out of band, and when Alertmanager's watchdog was last heard. */
export const notifyMigration: Migration = {
  version: 66,
  name: 'notify',
  sql: `
    CREATE TABLE notify_troubles (
      subject TEXT PRIMARY KEY CHECK (subject IN ('matrix', 'watchdog')),
      phase TEXT NOT NULL CHECK (phase IN ('calm', 'open', 'over')),
      -- When it began, and when it ended; ms.
      since INTEGER NOT NULL,
      over_at INTEGER,
      -- Names the message that is to be told, or was told last.
      note TEXT NOT NULL,
      -- How often that was handed to which channel without an answer that says it was refused; JSON.
      handed TEXT NOT NULL,
      -- When people were last told of it; NULL: never since it began.
      told_at INTEGER,
      -- When people were last told that something of this kind began.
      begun_told_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE alert_watchdog (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      -- NULL: never.
      seen_at INTEGER,
      phase TEXT NOT NULL CHECK (phase IN ('fine', 'silent')),
      silent_since INTEGER,
      -- Row of the outbox that says so in the room.
      outbox_id TEXT
    ) STRICT;
  `,
};
