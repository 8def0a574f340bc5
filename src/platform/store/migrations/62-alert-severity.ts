import type { Migration } from '../migrate.ts';

/** A severity that changes while the alert fires is news of its own kind. */
export const alertSeverityMigration: Migration = {
  version: 62,
  name: 'alert-severity',
  sql: `
    ALTER TABLE alert_news RENAME TO alert_news_before;
    CREATE TABLE alert_news (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      group_id TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      starts_at INTEGER NOT NULL,
      what TEXT NOT NULL
        CHECK (what IN ('opened', 'reopened', 'worse', 'milder', 'resolved', 'short')),
      UNIQUE (group_id, fingerprint, starts_at),
      FOREIGN KEY (group_id, fingerprint, starts_at)
        REFERENCES alert_incidents (group_id, fingerprint, starts_at) ON DELETE CASCADE
    ) STRICT;
    INSERT INTO alert_news SELECT * FROM alert_news_before;
    DROP TABLE alert_news_before;
  `,
};
