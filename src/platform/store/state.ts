import { join } from 'node:path';
import { Database, type FullDisk } from './database.ts';
import type { Migration } from './migrate.ts';
import { auditMigration } from './migrations/01-audit.ts';
import { sealedSecretsMigration } from './migrations/02-sealed-secrets.ts';
import { peopleMigration } from './migrations/03-people.ts';
import { errorsMigration } from './migrations/04-errors.ts';
import { tokenNotesMigration } from './migrations/05-token-notes.ts';
import { ledgerMigration } from './migrations/10-ledger.ts';
import { outboxMigration } from './migrations/11-outbox.ts';
import { roomsMigration } from './migrations/12-rooms.ts';
import { jobsMigration } from './migrations/20-jobs.ts';
import { confirmationsMigration } from './migrations/21-confirmations.ts';
import { identityPinsMigration } from './migrations/30-identity-pins.ts';
import { lockedEventsMigration } from './migrations/31-locked-events.ts';
import { recoveryKeyMigration } from './migrations/32-recovery-key.ts';
import { directRoomsMigration } from './migrations/33-direct-rooms.ts';
import { recoveryNoticeMigration } from './migrations/34-recovery-notice.ts';
import { withdrawnSecretsMigration } from './migrations/35-withdrawn-secrets.ts';
import { samplesMigration } from './migrations/45-samples.ts';
import { incidentsMigration } from './migrations/47-incidents.ts';
import { healingMigration } from './migrations/48-healing.ts';
import { temporaryScalesMigration } from './migrations/46-temporary-scales.ts';
import { alertsMigration } from './migrations/60-alerts.ts';
import { alertNewsMigration } from './migrations/61-alert-news.ts';
import { alertSeverityMigration } from './migrations/62-alert-severity.ts';
import { alertLabelsMigration } from './migrations/63-alert-labels.ts';
import { alertRoomsMigration } from './migrations/65-alert-rooms.ts';
import { notifyMigration } from './migrations/66-notify.ts';
import { ensurePrivateFolder } from './private-files.ts';

/** Schema of the product's file, of all parts of the house. */
export const stateMigrations: readonly Migration[] = [
  auditMigration,
  sealedSecretsMigration,
  peopleMigration,
  errorsMigration,
  tokenNotesMigration,
  ledgerMigration,
  outboxMigration,
  roomsMigration,
  jobsMigration,
  confirmationsMigration,
  identityPinsMigration,
  lockedEventsMigration,
  recoveryKeyMigration,
  directRoomsMigration,
  recoveryNoticeMigration,
  withdrawnSecretsMigration,
  samplesMigration,
  temporaryScalesMigration,
  incidentsMigration,
  healingMigration,
  alertsMigration,
  alertNewsMigration,
  alertSeverityMigration,
  alertLabelsMigration,
  alertRoomsMigration,
  notifyMigration,
];

/**
 * Opens the product's file, `state.sqlite`: what a backup holds, every commit on the disk. Take the
 * lock of the folder (`acquireLock`) before. Throws what `Database` throws.
 */
export function openState(dataDir: string, fullDisk: FullDisk | null = null): Database {
  ensurePrivateFolder(dataDir);
  return new Database(join(dataDir, 'state.sqlite'), stateMigrations, 'FULL', fullDisk);
}
