import type { Migration } from '../migrate.ts';

/** Cross-signing identities of people, pinned at first use. */
export const identityPinsMigration: Migration = {
  version: 30,
  name: 'identity pins',
  sql: `
    CREATE TABLE identity_pins (
      user_id TEXT PRIMARY KEY,
      master_key TEXT NOT NULL,
      pinned_at INTEGER NOT NULL,
      claimed_key TEXT,
      claimed_at INTEGER
    ) STRICT;
  `,
};
