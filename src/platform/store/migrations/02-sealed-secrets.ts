import type { Migration } from '../migrate.ts';

/** Secrets that wait for their reader, each encrypted under a code that is not kept. */
export const sealedSecretsMigration: Migration = {
  version: 2,
  name: 'sealed secrets',
  sql: `
    CREATE TABLE sealed_secrets (
      address BLOB PRIMARY KEY,
      label TEXT NOT NULL,
      sealed BLOB NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sealed_secrets_expiry ON sealed_secrets (expires_at);
  `,
};
