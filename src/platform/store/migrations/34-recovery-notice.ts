import type { Migration } from '../migrate.ts';

/** When the room was told that a recovery key waits. */
export const recoveryNoticeMigration: Migration = {
  version: 34,
  name: 'recovery notice',
  sql: 'ALTER TABLE recovery_key ADD COLUMN told_at INTEGER;',
};
