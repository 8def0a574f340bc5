import type { Migration } from '../migrate.ts';

/** Direct chats with people, and which secret is still to be handed over in one. */
export const directRoomsMigration: Migration = {
  version: 33,
  name: 'direct rooms',
  sql: `
    -- Whom a direct room is with; NULL in other rooms.
    ALTER TABLE rooms ADD COLUMN person TEXT;
    -- 1: it was said there that no commands are taken.
    ALTER TABLE rooms ADD COLUMN was_told INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE secret_errands (
      -- The one-time code; the secret itself lies sealed elsewhere.
      code TEXT PRIMARY KEY,
      person TEXT NOT NULL,
      -- The command that made it.
      label TEXT NOT NULL,
      language TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      -- 1: the person was invited for it, which is done once.
      is_called INTEGER NOT NULL DEFAULT 0,
      -- The row that hands it over; NULL: it can't be handed over yet.
      outbox_id TEXT
    ) STRICT;
  `,
};
