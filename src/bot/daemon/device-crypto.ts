import type { UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import { IdentityPins } from '../../platform/store/identity-pins.ts';
import type { MasterKey } from '../../platform/store/master-key.ts';
import { RecoveryKeySafe } from '../../platform/store/recovery-key-safe.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { CryptoEngine } from '../crypto/crypto-engine.ts';
import { ListedReaders } from '../crypto/listed-readers.ts';
import { openCrypto, type OpenedCrypto } from '../crypto/open-machine.ts';
import { ensureOwnIdentity } from '../crypto/own-identity.ts';
import { KeyBackup } from '../crypto/recovery/key-backup.ts';
import { ensureRecovery } from '../crypto/recovery/set-up.ts';
import type { CryptoSurroundings, RoomCrypto } from '../crypto/room-crypto.ts';

/** What the crypto of the bot's device is made of. */
export interface DeviceCryptoParts {
  readonly api: Pick<MatrixApi, 'whoami'>;
  readonly cryptoApi: CryptoApi;
  /** `state.sqlite` */
  readonly database: Database;
  /** `device.sqlite` */
  readonly device: Database;
  readonly masterKey: MasterKey;
  readonly self: UserId;
  readonly clock: Clock;
  readonly log: Log;
  /** See `OpenCryptoParts.onLost`. */
  readonly onLost: (error: unknown) => void;
  /** The recovery key was made and waits for its reader. */
  readonly onRecoveryKey: () => void;
}

interface Opened {
  readonly crypto: OpenedCrypto;
  readonly engine: CryptoEngine;
  readonly backup: KeyBackup;
}

/** The crypto of this device from the first start to the last: keys, identity, backup. */
export class DeviceCrypto {
  readonly #parts: DeviceCryptoParts;
  #opened: Opened | null = null;

  constructor(parts: DeviceCryptoParts) {
    this.#parts = parts;
  }

  /**
   * Opens the keys, sees to it that the bot has an identity which has signed this device, and that
   * both outlive the device. Can be called again after any failure. Throws what `openCrypto`,
   * `ensureOwnIdentity` and `ensureRecovery` throw.
   */
  async open(surroundings: CryptoSurroundings): Promise<RoomCrypto> {
    const { cryptoApi, self, database, masterKey, clock, log, onRecoveryKey } = this.#parts;
    this.#opened ??= await this.#load(surroundings);
    const { crypto, engine, backup } = this.#opened;
    const { library, machine } = crypto;
    const { pump, identities } = engine;
    const parts = { library, machine, pump, identities, api: cryptoApi, self };
    const identity = await ensureOwnIdentity(parts);
    const safe = new RecoveryKeySafe({ database, masterKey, clock, user: self });
    const recovery = await ensureRecovery(
      { library, machine, api: cryptoApi, backup, safe },
      identity,
    );
    if (recovery.isNew) onRecoveryKey();
    const { deviceId: device, fingerprint } = crypto;
    log.info({ device, fingerprint, identity, backup: recovery.backup }, 'encryption is open');
    return engine;
  }

  async #load({ members, isListed, onUnreadable }: CryptoSurroundings): Promise<Opened> {
    const { cryptoApi: api, database, clock, log } = this.#parts;
    const crypto = await openCrypto(this.#parts);
    const { library, machine } = crypto;
    const pins = new IdentityPins(database);
    const engine = new CryptoEngine({
      ...{ library, machine, api, pins, clock, log },
      self: this.#parts.self,
      readers: (identities) =>
        new ListedReaders({ identities, pins, clock, isListed, members, onUnreadable }),
    });
    const backup = new KeyBackup({ library, machine, api, pump: engine.pump });
    return { crypto, engine, backup };
  }

  /** Ends it; the files may be closed then. */
  close(): void {
    this.#opened?.crypto.close();
  }
}
