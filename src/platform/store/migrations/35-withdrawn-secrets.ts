import type { Migration } from '../migrate.ts';

/** What a sealed secret opens, and why it is not good any more where it still waits for its reader. */
export const withdrawnSecretsMigration: Migration = {
  version: 35,
  name: 'withdrawn secrets',
  sql: `
    -- Like a job's resource, e.g. account:alice; NULL: nothing withdraws it.
    ALTER TABLE sealed_secrets ADD COLUMN subject TEXT;
    ALTER TABLE sealed_secrets ADD COLUMN withdrawn TEXT
      CHECK (withdrawn IN ('replaced', 'deactivated', 'revoked'));
    CREATE INDEX sealed_secrets_subject ON sealed_secrets (subject);
  `,
};
