import { join } from 'node:path';
import { connect } from '../../../src/bot/client/http-call.ts';
import { createCryptoApi } from '../../../src/bot/client/http-crypto-api.ts';
import { createMatrixApi } from '../../../src/bot/client/http-matrix-api.ts';
import { IdentityDesk } from '../../../src/bot/crypto/identity-desk.ts';
import { DeviceCrypto } from '../../../src/bot/daemon/device-crypto.ts';
import { parseUserId } from '../../../src/core/ids.ts';
import { Secret } from '../../../src/core/secret.ts';
import { systemClock as clock } from '../../../src/platform/clock.ts';
import { openDevice } from '../../../src/platform/store/device.ts';
import { IdentityPins } from '../../../src/platform/store/identity-pins.ts';
import { RecoveryKeySafe } from '../../../src/platform/store/recovery-key-safe.ts';
import { openState } from '../../../src/platform/store/state.ts';
import type { Lab } from '../../lab/lab.ts';
import { rememberingLog } from '../../unit/bot/quiet-log.ts';
import type { ApiWrapper, BotSeat } from './bot-device.ts';

/** One life of a bot as far as `urtc bot replace-recovery-key` needs it: its keys, and the desk in front of them. */
export class ReplacingBot {
  readonly desk: IdentityDesk;
  readonly safe: RecoveryKeySafe;
  readonly #crypto: DeviceCrypto;
  readonly #closeFiles: () => void;

  constructor(lab: Lab, { folder, account, masterKey }: BotSeat, wrap: ApiWrapper) {
    const self = parseUserId(account.userId);
    const accessToken = new Secret(account.accessToken);
    const homeserver = connect({ url: lab.proxy.baseUrl, accessToken });
    const database = openState(folder);
    const deviceFile = join(folder, 'device.sqlite');
    const device = openDevice(deviceFile);
    const pins = new IdentityPins(database);
    const safe = new RecoveryKeySafe({ database, masterKey, clock, user: self });
    this.safe = safe;
    this.desk = new IdentityDesk({ user: self, pins, safe, clock, deviceFile });
    this.#crypto = new DeviceCrypto({
      ...{ database, device, masterKey, safe, self, clock, desk: this.desk },
      api: createMatrixApi(homeserver),
      cryptoApi: wrap(createCryptoApi(homeserver, self)),
      log: rememberingLog().log,
      people: () => [],
      onLost: (error) => {
        throw error;
      },
    });
    this.#closeFiles = () => {
      device.close();
      database.close();
    };
  }

  /** Throws what a start throws. */
  async open(): Promise<void> {
    await this.#crypto.open({
      members: () => Promise.resolve([]),
      isListed: () => false,
      onUnreadable: () => undefined,
      onNewIdentity: () => undefined,
    });
  }

  async close(): Promise<void> {
    await this.#crypto.close();
    this.#closeFiles();
  }
}
