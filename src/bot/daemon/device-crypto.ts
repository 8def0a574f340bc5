import type { UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import { IdentityPins } from '../../platform/store/identity-pins.ts';
import type { MasterKey } from '../../platform/store/master-key.ts';
import type { RecoveryKeySafe } from '../../platform/store/recovery-key-safe.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import { describeFailure, explainFailure, MatrixFailure } from '../client/failure.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { CryptoEngine } from '../crypto/crypto-engine.ts';
import type { IdentityDesk } from '../crypto/identity-desk.ts';
import { ListedReaders } from '../crypto/listed-readers.ts';
import { openCrypto, type OpenedCrypto } from '../crypto/open-machine.ts';
import { BackgroundBackup } from '../crypto/recovery/background-backup.ts';
import { KeyBackup } from '../crypto/recovery/key-backup.ts';
import { ensureRecovery } from '../crypto/recovery/set-up.ts';
import { startIdentity } from '../crypto/recovery/start-identity.ts';
import type { RequestPump } from '../crypto/request-pump.ts';
import type { CryptoSurroundings, RoomCrypto } from '../crypto/room-crypto.ts';
import { EmojiVerification } from '../crypto/verification.ts';
import { VerificationRequests } from '../crypto/verification-requests.ts';

/** What the crypto of the bot's device is made of. */
export interface DeviceCryptoParts {
  readonly api: Pick<MatrixApi, 'whoami' | 'url'>;
  readonly cryptoApi: CryptoApi;
  /** `state.sqlite` */
  readonly database: Database;
  /** `device.sqlite` */
  readonly device: Database;
  readonly masterKey: MasterKey;
  readonly safe: RecoveryKeySafe;
  readonly self: UserId;
  readonly clock: Clock;
  readonly log: Log;
  /** Shows the keys to commands while they are open. */
  readonly desk: Pick<IdentityDesk, 'attach' | 'detach'>;
  /** The people of the allow-list. */
  readonly people: () => readonly UserId[];
  /** See `OpenCryptoParts.onLost`. */
  readonly onLost: (error: unknown) => void;
}

interface Opened {
  readonly crypto: OpenedCrypto;
  readonly engine: CryptoEngine;
  readonly backup: KeyBackup;
  readonly copies: BackgroundBackup;
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
   * both outlive the device. Can be called again after any failure. Throws what `openCrypto` and
   * `startIdentity` throw.
   */
  async open(surroundings: CryptoSurroundings): Promise<RoomCrypto> {
    const { cryptoApi: api, self, safe, log } = this.#parts;
    this.#opened ??= await this.#load(surroundings);
    const { crypto, engine, backup } = this.#opened;
    const { library, machine, deviceId: device, fingerprint } = crypto;
    const { pump } = engine;
    await startIdentity({ library, machine, api, self, backup, safe, pump });
    log.info({ device, fingerprint, backup: backup.state }, 'encryption is open');
    return engine;
  }

  async #load(surroundings: CryptoSurroundings): Promise<Opened> {
    const { cryptoApi: api, database, clock, log, self, people, desk, safe } = this.#parts;
    const crypto = await openCrypto(this.#parts);
    const { library, machine } = crypto;
    const pins = new IdentityPins(database, surroundings.onNewIdentity);
    const engine: CryptoEngine = new CryptoEngine({
      ...{ library, machine, api, pins, clock, log, self },
      onKeys: () => {
        copies.note();
      },
      onVerification: async (event, room) => {
        await requests.hear(event, room);
        await this.#answer(engine.pump);
      },
      readers: (identities) => new ListedReaders({ ...surroundings, identities, pins, clock }),
    });
    const { pump, identities } = engine;
    const backup = new KeyBackup({ library, machine, api, pump });
    const requests = new VerificationRequests({
      ...{ library, machine, pump, api, clock, log, people },
      seal: (room, type, content) => engine.seal(room, type, content),
    });
    const verification = new EmojiVerification({ library, requests, clock, log });
    const copies = new BackgroundBackup({ backup, clock, log });
    const setUpRecovery = async (): Promise<void> => {
      try {
        await ensureRecovery({ library, machine, api, backup, safe }, 'known');
      } catch (error) {
        throw explainFailure(error, this.#parts.api.url);
      }
      copies.note();
    };
    await desk.attach({ library, machine, pump, identities, backup, verification, setUpRecovery });
    return { crypto, engine, backup, copies };
  }

  /** What the machine answers goes out now: the next sync that brings something may be half a minute off. */
  async #answer(pump: RequestPump): Promise<void> {
    try {
      await pump.drain();
    } catch (error) {
      if (!(error instanceof MatrixFailure)) throw error;
      const failure = describeFailure(error.failure);
      this.#parts.log.warn({ failure }, 'a verification was not answered yet');
    }
  }

  /** Ends it; the files may be closed then. */
  async close(): Promise<void> {
    if (this.#opened === null) return;
    await this.#opened.copies.stop();
    this.#parts.desk.detach();
    this.#opened.crypto.close();
  }
}
