import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { say, type Text } from '../../core/text.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import { openDevice } from '../../platform/store/device.ts';
import { MasterKey } from '../../platform/store/master-key.ts';
import { RecoveryKeySafe } from '../../platform/store/recovery-key-safe.ts';
import { openState } from '../../platform/store/state.ts';
import { explainFailure } from '../client/failure.ts';
import { createCryptoApi } from '../client/http-crypto-api.ts';
import { createMatrixApi } from '../client/http-matrix-api.ts';
import { openCrypto } from '../crypto/open-machine.ts';
import { KeyBackup } from '../crypto/recovery/key-backup.ts';
import { recover, type Recovered } from '../crypto/recovery/recover.ts';
import type { RecoveryKey } from '../crypto/recovery/recovery-key.ts';
import { RequestPump } from '../crypto/request-pump.ts';

/** What {@link recoverDevice} needs. The lock of the data folder is held by the caller. */
export interface RecoverDeviceParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly onProgress: (text: Text) => void;
  /** See `OpenCryptoParts.onLost`. */
  readonly onLost: (error: unknown) => void;
}

/** What came of it. */
export interface RecoveredDevice extends Recovered {
  readonly deviceId: string;
}

/**
 * Gives the device of the chat token the old identity of the bot, without a bot that runs. Throws
 * what `openCrypto` and `recover` throw, a home server that does not answer as `E_HOMESERVER_*`, and
 * `E_CONFIG_INVALID` where the token is another account's.
 */
export async function recoverDevice(
  { config, clock, onProgress, onLost }: RecoverDeviceParts,
  key: RecoveryKey,
): Promise<RecoveredDevice> {
  const { settings, folders, secrets } = config;
  const self = settings.bot.user;
  const { url } = settings.homeserver;
  const account = { url, accessToken: secrets.botToken };
  const masterKey = new MasterKey(secrets.masterKey);
  const matrix = createMatrixApi(account);
  const api = createCryptoApi(account, self);
  const state = openState(folders.data);
  const device = openDevice(join(folders.data, 'device.sqlite'));
  try {
    const { userId } = await matrix.whoami();
    if (userId !== self) {
      const reason = say('settings.reason.other-account', { user: userId });
      throw new AppError('E_CONFIG_INVALID', { file: config.file, place: 'bot.user', reason });
    }
    const crypto = await openCrypto({
      ...{ device, masterKey, self, onLost, api: matrix, cryptoApi: api },
    });
    try {
      const { library, machine, deviceId } = crypto;
      const pump = new RequestPump(library, machine, api);
      const backup = new KeyBackup({ library, machine, pump, api });
      const safe = new RecoveryKeySafe({ database: state, masterKey, clock, user: self });
      const parts = { library, machine, pump, api, self, backup, safe, onProgress };
      return { ...(await recover(parts, key)), deviceId };
    } finally {
      crypto.close();
    }
  } catch (error) {
    throw explainFailure(error, url);
  } finally {
    device.close();
    state.close();
  }
}
