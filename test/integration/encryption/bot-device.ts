import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../../src/bot/client/http-call.ts';
import { createCryptoApi } from '../../../src/bot/client/http-crypto-api.ts';
import type { CryptoApi } from '../../../src/bot/client/crypto-api.ts';
import { createMatrixApi } from '../../../src/bot/client/http-matrix-api.ts';
import { Identities } from '../../../src/bot/crypto/identities.ts';
import { openCrypto, type OpenedCrypto } from '../../../src/bot/crypto/open-machine.ts';
import { KeyBackup } from '../../../src/bot/crypto/recovery/key-backup.ts';
import type { StartIdentityParts } from '../../../src/bot/crypto/recovery/start-identity.ts';
import { RequestPump } from '../../../src/bot/crypto/request-pump.ts';
import { parseUserId } from '../../../src/core/ids.ts';
import { Secret } from '../../../src/core/secret.ts';
import { systemClock as clock } from '../../../src/platform/clock.ts';
import type { Database } from '../../../src/platform/store/database.ts';
import { openDevice } from '../../../src/platform/store/device.ts';
import { MasterKey } from '../../../src/platform/store/master-key.ts';
import { RecoveryKeySafe } from '../../../src/platform/store/recovery-key-safe.ts';
import { openState } from '../../../src/platform/store/state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Account } from '../../lab/synapse/accounts.ts';

/** The crypto of a bot without its rooms: what a start opens, on the real home server. */
export interface BotDevice extends StartIdentityParts {
  readonly identities: Identities;
  readonly crypto: OpenedCrypto;
  readonly device: Database;
  readonly state: Database;
  close(): void;
}

/** Where the files of a bot are, and whose token it has. */
export interface BotSeat {
  readonly folder: string;
  readonly account: Account;
  readonly masterKey: MasterKey;
}

/** A folder for a bot with this token. */
export function seatFor(lab: Lab, account: Account, seed = 1): BotSeat {
  const masterKey = new MasterKey(new Secret(new Uint8Array(32).fill(seed)));
  return { folder: mkdtempSync(join(lab.folder, 'device-')), account, masterKey };
}

/** The same API, with something done around each call. */
export type ApiWrapper = (api: CryptoApi) => CryptoApi;

/** Opens the crypto of a bot. Throws what `openCrypto` throws, with all files closed. */
export async function openBotDevice(
  lab: Lab,
  seat: BotSeat,
  wrap: ApiWrapper = (api) => api,
): Promise<BotDevice> {
  const { folder, account, masterKey } = seat;
  const self = parseUserId(account.userId);
  const accessToken = new Secret(account.accessToken);
  const homeserver = connect({ url: lab.proxy.baseUrl, accessToken });
  const state = openState(folder);
  const device = openDevice(join(folder, 'device.sqlite'));
  const closeFiles = (): void => {
    device.close();
    state.close();
  };
  try {
    const api = wrap(createCryptoApi(homeserver, self));
    const onLost = (error: unknown): void => {
      throw error;
    };
    const crypto = await openCrypto({
      ...{ device, masterKey, self, onLost, cryptoApi: api },
      api: createMatrixApi(homeserver),
    });
    const { library, machine } = crypto;
    const pump = new RequestPump(library, machine, api);
    return {
      ...{ crypto, device, state, library, machine, pump, api, self },
      identities: new Identities(library, machine),
      backup: new KeyBackup({ library, machine, pump, api }),
      safe: new RecoveryKeySafe({ database: state, masterKey, clock, user: self }),
      close: () => {
        crypto.close();
        closeFiles();
      },
    };
  } catch (error) {
    closeFiles();
    throw error;
  }
}
