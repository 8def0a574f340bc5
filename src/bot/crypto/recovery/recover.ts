import type { BackupDecryptionKey, OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { AppError } from '../../../core/errors.ts';
import type { UserId } from '../../../core/ids.ts';
import type { Secret } from '../../../core/secret.ts';
import { say, type Text } from '../../../core/text.ts';
import type { CryptoApi } from '../../client/crypto-api.ts';
import type { RecoveryKeySafe } from '../../../platform/store/recovery-key-safe.ts';
import { masterKeyOf } from '../master-key-of.ts';
import { ensureOwnIdentity, type OwnIdentityParts } from '../own-identity.ts';
import { publicKeyOfSeed } from './account-seed.ts';
import { publicKeyOf, type KeyBackup } from './key-backup.ts';
import type { RecoveryKey } from './recovery-key.ts';
import { restoreRoomKeys, type RestoredKeys } from './restore-room-keys.ts';
import { accountSecrets, SecretStorage, type AccountSecretName } from './secret-storage.ts';

/** What {@link recover} needs. */
export interface RecoverParts extends OwnIdentityParts {
  readonly api: CryptoApi;
  readonly backup: KeyBackup;
  readonly safe: RecoveryKeySafe;
  /** Told how far it is. */
  readonly onProgress: (text: Text) => void;
}

/** What came of it. */
export interface Recovered {
  /** Public master key of the identity, unpadded base64. */
  readonly identity: string;
  /** Null: there was no backup. */
  readonly keys: RestoredKeys | null;
}

/**
 * Makes this (new) device one of the old identity: takes the private keys out of secret storage,
 * signs the device with them, and takes old room keys out of the backup. Can be run again.
 *
 * @throws AppError `E_RECOVERY_NONE`, `E_RECOVERY_KEY_WRONG`, and `E_RECOVERY_MISMATCH` where what
 *   the key opens is not what the account shows.
 * @throws MatrixFailure where the home server does not answer.
 */
export async function recover(parts: RecoverParts, key: RecoveryKey): Promise<Recovered> {
  const { library, machine, pump, api, self, safe, onProgress } = parts;
  onProgress(say('bot.recover.opening', { user: self }));
  const storage = await SecretStorage.open(api, key);
  const seeds = {
    master: await secretOf(storage, accountSecrets.master),
    selfSigning: await secretOf(storage, accountSecrets.selfSigning),
    userSigning: await secretOf(storage, accountSecrets.userSigning),
  };
  await pump.drain();
  await pump.send(machine.queryKeysForUsers([new library.UserId(self)]));
  const shown = await shownKeys(parts);
  for (const name of ['master', 'selfSigning', 'userSigning'] as const) {
    if (publicKeyOfSeed(seeds[name]) !== shown[name]) throw mismatch('bot.recover.reason.identity');
  }
  await machine.importCrossSigningKeys(
    seeds.master.reveal(),
    seeds.selfSigning.reveal(),
    seeds.userSigning.reveal(),
  );
  await ensureOwnIdentity(parts);
  onProgress(say('bot.recover.identity', { device: machine.deviceId.toString() }));
  const keys = await restoreBackup(parts, storage);
  safe.known();
  return { identity: shown.master, keys };
}

async function restoreBackup(
  { library, machine, api, backup, onProgress }: RecoverParts,
  storage: SecretStorage,
): Promise<RestoredKeys | null> {
  const present = await api.backupVersion();
  if (present === null) return null;
  const secret = await secretOf(storage, accountSecrets.backup);
  const key = backupKeyOf(library, secret);
  if (key === null || key.megolmV1PublicKey.publicKeyBase64 !== publicKeyOf(present)) {
    throw mismatch('bot.recover.reason.backup');
  }
  await backup.start(key, false);
  const { version } = present;
  return restoreRoomKeys({ library, machine, api, key, version }, (imported, total) => {
    onProgress(say('bot.recover.keys', { imported, total }));
  });
}

function backupKeyOf(
  library: RecoverParts['library'],
  secret: Secret<string>,
): BackupDecryptionKey | null {
  if (Buffer.from(secret.reveal(), 'base64').length !== 32) return null;
  return library.BackupDecryptionKey.fromBase64(secret.reveal());
}

async function secretOf(storage: SecretStorage, name: AccountSecretName): Promise<Secret<string>> {
  const secret = await storage.get(name);
  if (secret !== null) return secret;
  const reason = say('bot.recover.reason.secret', { name });
  throw new AppError('E_RECOVERY_MISMATCH', { reason });
}

async function shownKeys({
  library,
  machine,
  self,
}: {
  readonly library: RecoverParts['library'];
  readonly machine: OlmMachine;
  readonly self: UserId;
}) {
  const identity = await machine.getIdentity(new library.UserId(self));
  if (!(identity instanceof library.OwnUserIdentity)) {
    throw mismatch('bot.recover.reason.no-identity');
  }
  try {
    return {
      master: masterKeyOf(identity.masterKey),
      selfSigning: masterKeyOf(identity.selfSigningKey),
      userSigning: masterKeyOf(identity.userSigningKey),
    };
  } finally {
    identity.free();
  }
}

function mismatch(
  reason:
    'bot.recover.reason.backup' | 'bot.recover.reason.identity' | 'bot.recover.reason.no-identity',
): AppError {
  return new AppError('E_RECOVERY_MISMATCH', { reason: say(reason) });
}
