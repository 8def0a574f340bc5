import type { Migration } from '../migrate.ts';

/** Alerts: who tells of them, what is not told yet, and indexes that a long past does not slow down. */
export const alertNewsMigration: Migration = {
  version: 61,
  name: 'alert-news',
  sql: `
    ALTER TABLE alert_groups ADD COLUMN source TEXT NOT NULL DEFAULT 'alertmanager'
      CHECK (source IN ('alertmanager', 'grafana', 'plain'));
    -- What has changed and nobody was told of yet, in the order of its coming.
    CREATE TABLE alert_news (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      group_id TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      starts_at INTEGER NOT NULL,
      what TEXT NOT NULL CHECK (what IN ('opened', 'reopened', 'resolved', 'short')),
      UNIQUE (group_id, fingerprint, starts_at),
      FOREIGN KEY (group_id, fingerprint, starts_at)
        REFERENCES alert_incidents (group_id, fingerprint, starts_at) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX alert_posts_received ON alert_posts (received_at);
    DROP INDEX alert_incidents_group_firing;
    CREATE INDEX alert_incidents_group_firing
      ON alert_incidents (group_id, severity DESC, opened_at) WHERE state = 'firing';
    CREATE INDEX alert_incidents_group_ended
      ON alert_incidents (group_id, changed_at) WHERE state = 'resolved';
    CREATE INDEX alert_incidents_told ON alert_incidents (told_at) WHERE state = 'firing';
    DROP INDEX alert_incidents_fingerprint;
    CREATE INDEX alert_incidents_fingerprint ON alert_incidents (fingerprint, starts_at DESC);
  `,
};
