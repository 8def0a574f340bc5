import { join } from 'node:path';
import { errorCatalogue } from '../../core/error-catalogue.ts';
import { AppError } from '../../core/errors.ts';
import { say, type Text } from '../../core/text.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import { AuditChain } from '../../platform/store/audit-chain.ts';
import type { Database } from '../../platform/store/database.ts';
import { MasterKey } from '../../platform/store/master-key.ts';
import { RecoveryKeySafe } from '../../platform/store/recovery-key-safe.ts';
import { openState } from '../../platform/store/state.ts';
import { explainFailure } from '../client/failure.ts';
import { connect } from '../client/http-call.ts';
import { createCryptoApi } from '../client/http-crypto-api.ts';
import { createMatrixApi } from '../client/http-matrix-api.ts';
import { openCrypto, shownFingerprint } from '../crypto/open-machine.ts';
import { KeyBackup } from '../crypto/recovery/key-backup.ts';
import { recover, type Recovered } from '../crypto/recovery/recover.ts';
import type { RecoveryKey } from '../crypto/recovery/recovery-key.ts';
import { SecretStorage } from '../crypto/recovery/secret-storage.ts';
import { RequestPump } from '../crypto/request-pump.ts';
import { openFittingDevice, type SetAside } from './fitting-device.ts';

/** What {@link recoverDevice} needs. The lock of the data folder is held by the caller. */
export interface RecoverDeviceParts {
  readonly config: Config;
  readonly clock: Clock;
  /** Who does it, for the audit log (`actorName`). */
  readonly actor: string;
  readonly onProgress: (text: Text) => void;
  /** See `OpenCryptoParts.onLost`. */
  readonly onLost: (error: unknown) => void;
}

/** What came of it. */
export interface RecoveredDevice extends Recovered {
  readonly deviceId: string;
  /** The file that stood in the way. `isShown`: its device is on the account still. */
  readonly setAside: (SetAside & { readonly isShown: boolean }) | null;
}

/**
 * Proves the key, sets the file of an older device aside, and gives the device of the chat token the
 * old identity of the bot, without a bot that runs. Throws what `openCrypto` and `recover` throw, a
 * home server that does not answer as `E_HOMESERVER_*`, and `E_CONFIG_INVALID` where the token is
 * another account's.
 */
export async function recoverDevice(
  { config, clock, actor, onProgress, onLost }: RecoverDeviceParts,
  key: RecoveryKey,
): Promise<RecoveredDevice> {
  const { settings, folders, secrets } = config;
  const self = settings.bot.user;
  const { url } = settings.homeserver;
  const homeserver = connect({ url, accessToken: secrets.botToken });
  const masterKey = new MasterKey(secrets.masterKey);
  const matrix = createMatrixApi(homeserver);
  const api = createCryptoApi(homeserver, self);
  const state = openState(folders.data);
  const audit = new AuditChain(state, masterKey);
  const note = (decision: 'allowed' | 'refused' | 'finished', result: string): void => {
    const about = { actor, event: null, job: null, line: 'bot recover', durationMs: null };
    audit.append({ at: clock.now(), ...about, decision, result });
  };
  let device: Database | null = null;
  try {
    const { userId, deviceId } = await matrix.whoami();
    if (userId !== self) {
      const reason = say('settings.reason.other-account', { user: userId });
      throw new AppError('E_CONFIG_INVALID', { file: config.file, place: 'bot.user', reason });
    }
    if (deviceId === null) throw new AppError('E_CRYPTO_NO_DEVICE', { user: self });
    await SecretStorage.open(api, key);
    note('allowed', 'begun');
    const opened = openFittingDevice(join(folders.data, 'device.sqlite'), { self, deviceId });
    device = opened.device;
    const crypto = await openCrypto({
      ...{ device, masterKey, self, onLost, api: matrix, cryptoApi: api },
    });
    try {
      const { library, machine } = crypto;
      const pump = new RequestPump(library, machine, api);
      const backup = new KeyBackup({ library, machine, pump, api });
      const safe = new RecoveryKeySafe({ database: state, masterKey, clock, user: self });
      const parts = { library, machine, pump, api, self, backup, safe, onProgress };
      const recovered = await recover(parts, key);
      const { setAside: file } = opened;
      const isShown =
        typeof file?.deviceId === 'string' &&
        (await shownFingerprint({ cryptoApi: api, self }, file.deviceId)) !== null;
      note('finished', 'ok');
      return { ...recovered, deviceId, setAside: file === null ? null : { ...file, isShown } };
    } finally {
      crypto.close();
    }
  } catch (thrown) {
    const error = explainFailure(thrown, url);
    if (error instanceof AppError && error.code !== 'E_AUDIT_UNWRITABLE') {
      const isRefused = errorCatalogue[error.code].kind === 'refused';
      note(isRefused ? 'refused' : 'finished', error.code);
    }
    throw error;
  } finally {
    device?.close();
    state.close();
  }
}
