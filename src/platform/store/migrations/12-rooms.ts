import type { Migration } from '../migrate.ts';

/** Rooms that the bot lives in and what it means to do there. */
export const roomsMigration: Migration = {
  version: 12,
  name: 'rooms',
  sql: `
    CREATE TABLE rooms (
      marker TEXT PRIMARY KEY,
      room_id TEXT UNIQUE,
      purpose TEXT NOT NULL,
      origin TEXT NOT NULL CHECK (origin IN ('made', 'named', 'followed')),
      replaced_by TEXT,
      warned_about TEXT NOT NULL DEFAULT '[]',
      made_at INTEGER NOT NULL
    ) STRICT;
  `,
};
