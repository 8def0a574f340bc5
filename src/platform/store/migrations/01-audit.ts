import type { Migration } from '../migrate.ts';

/**
 * The audit chain. The triggers stop mistakes; who can write the file can drop them, and the chain
 * shows it then. The one on INSERT is there because `INSERT OR REPLACE` fires no DELETE trigger.
 */
export const auditMigration: Migration = {
  version: 1,
  name: 'audit',
  sql: `
    CREATE TABLE audit (
      sequence INTEGER PRIMARY KEY,
      entry TEXT NOT NULL,
      hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX audit_actor ON audit (json_extract(entry, '$.actor'), sequence);
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
      WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  `,
};
