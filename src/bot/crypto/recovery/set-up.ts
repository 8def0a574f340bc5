import { AppError } from '../../../core/errors.ts';
import { Secret } from '../../../core/secret.ts';
import type { RecoveryKeySafe } from '../../../platform/store/recovery-key-safe.ts';
import type { CryptoApi } from '../../client/crypto-api.ts';
import type { OwnIdentity } from '../own-identity.ts';
import type { BackupState, KeyBackup, KeyBackupParts } from './key-backup.ts';
import { makeRecoveryKey, readRecoveryKey, writeRecoveryKey } from './recovery-key.ts';
import { accountSecrets, SecretStorage } from './secret-storage.ts';

/** What {@link ensureRecovery} needs. */
export interface RecoveryParts extends Pick<KeyBackupParts, 'library' | 'machine'> {
  readonly api: CryptoApi;
  readonly backup: KeyBackup;
  readonly safe: RecoveryKeySafe;
}

/**
 * Sees to it that the identity outlives the device: secret storage, key backup and a recovery key
 * that waits to be shown. `identity`: what `ensureOwnIdentity` has just found. Others find the storage
 * only when all is in it; a setup that was cut off anywhere goes on with the same keys. Throws
 * `MatrixFailure`, and `AppError`s of the store.
 */
export async function ensureRecovery(
  parts: RecoveryParts,
  identity: OwnIdentity,
): Promise<BackupState> {
  const { safe, backup } = parts;
  if (await isWanted(parts, identity)) {
    const started = await setUp(parts);
    safe.ready();
    return started;
  }
  const key = await backup.key();
  // Whoever has the recovery key finds the key of the backup with it: only that one may be used.
  return key === null ? backup.state : backup.start(key, false);
}

async function isWanted({ api, safe }: RecoveryParts, identity: OwnIdentity): Promise<boolean> {
  const { state } = safe.state();
  switch (state) {
    case 'unready':
      return true;
    case 'none':
      return !(await isElsewhere(api, identity));
    case 'waiting':
      // A home server that was restored from a backup may have lost it.
      return (await SecretStorage.defaultKeyId(api)) === null;
    case 'shown':
      return false;
    default:
      return state satisfies never;
  }
}

/** Whether a storage with the identity in it is there that was not made here. */
async function isElsewhere(api: CryptoApi, identity: OwnIdentity): Promise<boolean> {
  if (identity === 'made') return false;
  const id = await SecretStorage.defaultKeyId(api);
  return id !== null && (await SecretStorage.holds(api, id, accountSecrets.master));
}

async function setUp({ library, machine, api, backup, safe }: RecoveryParts): Promise<BackupState> {
  const written = safe.peek() ?? writeRecoveryKey(makeRecoveryKey());
  if (safe.state().state === 'none') safe.keep(written);
  const storage = await SecretStorage.prepare(api, readRecoveryKey(written));

  const keys = await machine.exportCrossSigningKeys();
  const { masterKey, self_signing_key: selfSigning, userSigningKey } = keys ?? {};
  if (masterKey === undefined || selfSigning === undefined || userSigningKey === undefined) {
    throw new AppError('E_IDENTITY_NOT_HERE', { user: machine.userId.toString() });
  }
  await storage.put(accountSecrets.master, new Secret(masterKey));
  await storage.put(accountSecrets.selfSigning, new Secret(selfSigning));
  await storage.put(accountSecrets.userSigning, new Secret(userSigningKey));

  // In the storage before there is a backup: a key that only this process had would be lost with it.
  const stored = await storage.get(accountSecrets.backup);
  const backupKey =
    stored === null
      ? library.BackupDecryptionKey.createRandomKey()
      : library.BackupDecryptionKey.fromBase64(stored.reveal());
  await storage.put(accountSecrets.backup, new Secret(backupKey.toBase64()));
  const started = await backup.start(backupKey, true);
  await storage.publish();
  return started;
}
