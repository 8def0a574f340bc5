import type { Migration } from '../migrate.ts';

/** Commands that were accepted, and how far they came. */
export const jobsMigration: Migration = {
  version: 20,
  name: 'jobs',
  sql: `
    CREATE TABLE jobs (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      origin TEXT NOT NULL,
      rank TEXT NOT NULL,
      language TEXT NOT NULL,
      line TEXT NOT NULL,
      command TEXT NOT NULL,
      input TEXT NOT NULL,
      dry_run INTEGER NOT NULL,
      consent TEXT NOT NULL CHECK (consent IN ('needed', 'given')),
      facts TEXT,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'running', 'finished')),
      step TEXT,
      checkpoints TEXT NOT NULL,
      cancelled_by TEXT,
      outcome TEXT,
      report TEXT,
      created_at INTEGER NOT NULL,
      started_at INTEGER,
      changed_at INTEGER NOT NULL,
      finished_at INTEGER
    ) STRICT;
    CREATE INDEX jobs_unfinished ON jobs (sequence) WHERE state <> 'finished';
    CREATE INDEX jobs_changed ON jobs (changed_at);
  `,
};
