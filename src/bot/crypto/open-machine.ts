import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { UserId } from '../../core/ids.ts';
import type { Database } from '../../platform/store/database.ts';
import { readCryptoDevice, writeCryptoDevice } from '../../platform/store/crypto-device.ts';
import { openDurableIndexedDb } from '../../platform/store/indexed-db/durable.ts';
import { installIndexedDb } from '../../platform/store/indexed-db/install.ts';
import type { MasterKey } from '../../platform/store/master-key.ts';
import { damagedFile } from '../../platform/store/sqlite-failure.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { loadCrypto, type CryptoLibrary } from './wasm.ts';

/** What {@link openCrypto} needs. */
export interface OpenCryptoParts {
  readonly api: Pick<MatrixApi, 'whoami'>;
  readonly cryptoApi: Pick<CryptoApi, 'perform'>;
  /** The file of the device (`openDevice`). */
  readonly device: Database;
  readonly masterKey: MasterKey;
  /** Whose chat token it is, as checked before. */
  readonly self: UserId;
  /** The disk does not take what the machine wrote: end the process before it sends anything. */
  readonly onLost: (error: unknown) => void;
}

/** The crypto of the bot's device, open. */
export interface OpenedCrypto {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly deviceId: string;
  /** Public ed25519 key of the device, unpadded base64. */
  readonly fingerprint: string;
  /** Ends the machine; the file of the device may be closed then. */
  close(): void;
}

/** Name of the machine's IndexedDB; the store puts `::matrix-sdk-crypto` after it. */
const storeName = 'urtc';

/**
 * Opens the keys of the device that the chat token belongs to. Store, token and device are one unit:
 * what does not fit together is refused here, before anything is uploaded.
 *
 * @throws AppError `E_CRYPTO_NO_DEVICE` where the token has no device, `E_CRYPTO_OTHER_DEVICE` where
 *   the store is another device's, `E_CRYPTO_KEYS_LOST` where the home server shows keys of this
 *   device that are not in the store, and what `openDurableIndexedDb` throws, such as
 *   `E_CRYPTO_STORE_KEY` where the master key is another one.
 * @throws MatrixFailure where the home server can't be asked; nothing was opened then.
 */
export async function openCrypto(parts: OpenCryptoParts): Promise<OpenedCrypto> {
  const { device, self } = parts;
  const { file } = device;
  const { deviceId } = await parts.api.whoami();
  if (deviceId === null) throw new AppError('E_CRYPTO_NO_DEVICE', { user: self });
  const known = readCryptoDevice(device);
  if (known !== null && (known.user !== self || known.deviceId !== deviceId)) {
    const stored = { stored: known.deviceId, owner: known.user };
    throw new AppError('E_CRYPTO_OTHER_DEVICE', { device: deviceId, file, ...stored });
  }
  const shown = await shownFingerprint(parts, deviceId);
  const lost = new AppError('E_CRYPTO_KEYS_LOST', { device: deviceId, file, user: self });
  if (known === null && shown !== null) throw lost;
  // Before the keys are made: a store with keys and no owner must not be.
  if (known === null) writeCryptoDevice(device, { user: self, deviceId, fingerprint: null });
  const { library, machine } = await openMachine(parts, deviceId);
  const fingerprint = machine.identityKeys.ed25519.toBase64();
  if (shown !== null && shown !== fingerprint) {
    machine.close();
    throw lost;
  }
  writeCryptoDevice(device, { user: self, deviceId, fingerprint });
  return { library, machine, deviceId, fingerprint, close: () => machine.close() };
}

async function openMachine(
  { device, masterKey, self, onLost }: OpenCryptoParts,
  deviceId: string,
): Promise<Pick<OpenedCrypto, 'library' | 'machine'>> {
  const factory = await openDurableIndexedDb(device, masterKey, onLost);
  installIndexedDb(factory);
  const library = await loadCrypto();
  const key = new Uint8Array(masterKey.derive('crypto-store').reveal());
  const store = await library.StoreHandle.openWithKey(storeName, key).catch((error: unknown) => {
    // The rows opened with the master key: what is in them is not what the store wrote.
    const reason = error instanceof Error ? error.message : String(error);
    throw damagedFile(device.file, reason, 'E_CRYPTO_STORE_CORRUPT', error);
  });
  const machine = await library.OlmMachine.initFromStore(
    new library.UserId(self),
    new library.DeviceId(deviceId),
    store,
  );
  return { library, machine };
}

const deviceKeys = z.looseObject({ keys: z.record(z.string(), z.string()) });
const queried = z.looseObject({
  device_keys: z.record(z.string(), z.record(z.string(), deviceKeys)).default({}),
});

/** The key that everybody is shown for a device of ours; null: none. Throws `MatrixFailure`. */
export async function shownFingerprint(
  { cryptoApi, self }: Pick<OpenCryptoParts, 'cryptoApi' | 'self'>,
  deviceId: string,
): Promise<string | null> {
  const body = JSON.stringify({ device_keys: { [self]: [deviceId] } });
  const answer = await cryptoApi.perform({ kind: 'keys-query', body });
  const shown = queried.parse(JSON.parse(answer)).device_keys[self]?.[deviceId];
  return shown?.keys[`ed25519:${deviceId}`] ?? null;
}
