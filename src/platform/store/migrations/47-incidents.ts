import type { Migration } from '../migrate.ts';

/** Troubles of the cluster that the room was told of. */
export const incidentsMigration: Migration = {
  version: 47,
  name: 'incidents',
  sql: `
    CREATE TABLE incidents (
      -- Names the trouble itself; the same again is the same incident.
      identity TEXT PRIMARY KEY,
      -- Incidents that began together share a message.
      message TEXT NOT NULL,
      level TEXT NOT NULL CHECK (level IN ('broken', 'warning')),
      -- What is wrong, as a stored report.
      said TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      -- When it was last seen; what was not seen for a while has healed.
      seen_at INTEGER NOT NULL,
      healed_at INTEGER,
      -- How often it came back.
      returns INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
