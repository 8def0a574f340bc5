import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CryptoEngine } from '../../../../src/bot/crypto/crypto-engine.ts';
import { loadCrypto } from '../../../../src/bot/crypto/wasm.ts';
import { parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { IdentityPins } from '../../../../src/platform/store/identity-pins.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { rememberingLog } from '../quiet-log.ts';

const self = parseUserId('@bot:lab.test');
const alice = parseUserId('@alice:lab.test');
const room = parseRoomId('!room:lab.test');
const sync = {
  ...{ toDevice: [], changed: [alice], left: [], oneTimeKeys: new Map([['x', 1]]) },
  fallbackKeys: null,
};

let machine: OlmMachine;
let state: Database;
let engine: CryptoEngine;

beforeEach(async () => {
  const library = await loadCrypto();
  machine = await library.OlmMachine.initialize(
    new library.UserId(self),
    new library.DeviceId('DEVICE'),
  );
  // Nobody is asked anything here.
  machine.outgoingRequests = () => Promise.resolve([]);
  state = stateIn(mkdtempSync(join(tmpdir(), 'ended-machine-')));
  const never = () => Promise.reject(new Error('asked of the home server'));
  engine = new CryptoEngine({
    ...{ library, machine, self, clock: systemClock, log: rememberingLog().log },
    api: {
      ...{ perform: never, uploadSigningKeys: never, accountData: never, putAccountData: never },
      ...{ backupVersion: never, createBackup: never, backedUpKeys: never },
    },
    pins: new IdentityPins(state),
    readers: () => ({
      candidates: () => Promise.resolve([alice]),
      admitted: () => Promise.resolve({ readers: [alice], refused: [] }),
    }),
  });
});
afterEach(() => {
  machine.close();
  state.close();
});

/** From now on `method` throws what a WASM throws that has come to an end. */
function end(method: keyof OlmMachine): void {
  const panic = new Error('unreachable');
  panic.name = 'RuntimeError';
  Object.assign(machine, { [method]: () => Promise.reject(panic) });
}

test.each([
  ['hasSignedDevice', 'getIdentity', () => engine.hasSignedDevice(alice)],
  ['hasSignedDevice', 'updateTrackedUsers', () => engine.hasSignedDevice(alice)],
  ['follow', 'outgoingRequests', () => engine.follow([alice])],
  ['forgetDevices', 'markAllTrackedUsersAsDirty', () => engine.forgetDevices()],
  ['absorb', 'outgoingRequests', () => engine.absorb(sync)],
  ['seal', 'updateTrackedUsers', () => engine.seal(room, 'm.room.message', {})],
] as const)(
  '%s on a machine that ends in %s ends the bot (a failure no machine has at will)',
  async (_what, method, work) => {
    end(method);
    await expect(work()).rejects.toMatchObject({ code: 'E_CRYPTO_FAILED' });
  },
);
