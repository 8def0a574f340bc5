import type { Migration } from '../migrate.ts';

/** What self-healing has done, what it leaves to people, and what people told it. */
export const healingMigration: Migration = {
  version: 48,
  name: 'healing',
  sql: `
    CREATE TABLE healing_actions (
      id INTEGER PRIMARY KEY,
      -- When it was decided; a workload's restart bears this moment.
      at INTEGER NOT NULL,
      component TEXT NOT NULL,
      -- Of the trouble, as in incidents.
      identity TEXT NOT NULL,
      rung TEXT NOT NULL CHECK (rung IN ('pod', 'workload')),
      -- Namespace, kind and name of the workload, and its revision then.
      workload TEXT NOT NULL,
      revision TEXT,
      -- The very pod: never another one of its name.
      pod TEXT NOT NULL,
      uid TEXT NOT NULL,
      -- Written before it is done: what was begun and not ended is the same action again.
      state TEXT NOT NULL CHECK (state IN ('begun', 'done', 'failed')),
      -- Code of the error; null where there was none.
      code TEXT
    ) STRICT;
    CREATE INDEX healing_actions_by_component ON healing_actions (component, at);
    CREATE TABLE healing_left (
      identity TEXT PRIMARY KEY,
      component TEXT NOT NULL,
      why TEXT NOT NULL CHECK (why IN ('protected', 'never-worked', 'budget', 'repeat')),
      at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE healing_words (
      word TEXT PRIMARY KEY CHECK (word IN ('pause', 'resume')),
      at INTEGER NOT NULL,
      actor TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
