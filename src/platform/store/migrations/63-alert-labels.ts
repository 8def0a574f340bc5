import type { Migration } from '../migrate.ts';

/** An alert with more labels than are kept says how many there are. */
export const alertLabelsMigration: Migration = {
  version: 63,
  name: 'alert labels',
  sql: 'ALTER TABLE alert_incidents ADD COLUMN labels_left_out INTEGER NOT NULL DEFAULT 0',
};
