import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CryptoApi } from '../../../src/bot/client/crypto-api.ts';
import { MatrixFailure } from '../../../src/bot/client/failure.ts';
import { makeRecoveryKey, readRecoveryKey } from '../../../src/bot/crypto/recovery/recovery-key.ts';
import { recover } from '../../../src/bot/crypto/recovery/recover.ts';
import { SecretStorage } from '../../../src/bot/crypto/recovery/secret-storage.ts';
import { startIdentity } from '../../../src/bot/crypto/recovery/start-identity.ts';
import { MasterKey } from '../../../src/platform/store/master-key.ts';
import { Secret } from '../../../src/core/secret.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { login, register } from '../../lab/synapse/accounts.ts';
import { openBotDevice, seatFor, type BotDevice } from './bot-device.ts';
import { failingOnce, type Heard } from './flaky-api.ts';
import { otherClient } from './other-client.ts';

let lab: Lab;
let count = 0;

beforeAll(async () => {
  lab = await startLab({ name: 'identity', people: [] });
});
afterAll(() => lab.stop());

const newAccount = () => register(lab.synapse.baseUrl, { localpart: `bot${(count += 1)}` });
const secondDevice = ({ localpart, password }: { localpart: string; password: string }) =>
  login(lab.synapse.baseUrl, localpart, password);
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;

const room = '!somewhere:lab';
const said = JSON.stringify({ msgtype: 'm.text', body: 'what was said before' });

/** Encrypts one message in a room that nobody else reads; returns it as an event. */
async function say({ library, machine, self }: BotDevice): Promise<string> {
  const id = () => new library.RoomId(room);
  await machine.shareRoomKey(id(), [], new library.EncryptionSettings());
  const content: unknown = JSON.parse(await machine.encryptRoomEvent(id(), 'm.room.message', said));
  const about = { type: 'm.room.encrypted', event_id: '$one', sender: self, origin_server_ts: 1 };
  return JSON.stringify({ ...about, content });
}

async function read({ library, machine }: BotDevice, event: string): Promise<unknown> {
  const settings = new library.DecryptionSettings(library.TrustRequirement.Untrusted);
  const opened = await machine.decryptRoomEvent(event, new library.RoomId(room), settings);
  return JSON.parse(opened.event);
}

async function shownKey(bot: BotDevice): Promise<string | null> {
  await bot.pump.send(bot.machine.queryKeysForUsers([new bot.library.UserId(bot.self)]));
  return bot.identities.masterKey(bot.self);
}

/** What a first start asks for, each at least once. */
const everyRequest = [
  'keys-query 1',
  'keys-upload 1',
  'signing keys 1',
  'signature-upload 1',
  'put m.cross_signing.master 1',
  'put m.cross_signing.self_signing 1',
  'put m.cross_signing.user_signing 1',
  'get m.megolm_backup.v1 1',
  'put m.megolm_backup.v1 1',
  'backup 1',
  'new backup 1',
  'put m.secret_storage.default_key 1',
];

describe('the first start', () => {
  test('[#32] makes identity, secret storage and backup, which another client can use', async () => {
    const account = await newAccount();
    const bot = await openBotDevice(lab, seatFor(lab, account));
    await startIdentity(bot);
    expect(bot.safe.isToTell()).toBe(true);
    expect(bot.backup.state).toEqual({ state: 'on', version: '1' });
    await say(bot);
    expect(await bot.backup.counts()).toEqual({ backedUp: 0, total: 1 });
    await bot.backup.backUpKeys();
    expect(await bot.backup.counts()).toEqual({ backedUp: 1, total: 1 });
    const key = readRecoveryKey(bot.safe.show());
    expect(() => bot.safe.show()).toThrow('E_RECOVERY_KEY_SHOWN');

    const { sdk, crypto } = await otherClient(lab, await secondDevice(account), key.reveal());
    await crypto.userHasCrossSigningKeys(account.userId, true);
    await crypto.bootstrapCrossSigning({});
    expect(await crypto.isCrossSigningReady()).toBe(true);
    const verdict = await crypto.getDeviceVerificationStatus(account.userId, account.deviceId);
    expect(verdict?.crossSigningVerified).toBe(true);
    expect((await crypto.checkKeyBackupAndEnable())?.trustInfo.trusted).toBe(true);
    await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
    expect(await crypto.restoreKeyBackup()).toMatchObject({ imported: 1, total: 1 });
    sdk.stopClient();
    bot.close();
  });

  test('[#32] a later start changes nothing', async () => {
    const seat = seatFor(lab, await newAccount());
    const first = await openBotDevice(lab, seat);
    await startIdentity(first);
    const before = [first.crypto.fingerprint, await shownKey(first), first.safe.peek()?.reveal()];
    first.close();
    const second = await openBotDevice(lab, seat);
    await startIdentity(second);
    expect(second.backup.state).toEqual({ state: 'on', version: '1' });
    const after = [second.crypto.fingerprint, await shownKey(second), second.safe.peek()?.reveal()];
    expect(after).toEqual(before);
    second.close();
  });

  test.each<Heard>(['unheard', 'heard'])(
    '[#32] goes on after a crash at every single request (%s by the home server)',
    async (heard) => {
      const account = await newAccount();
      const seat = seatFor(lab, account);
      const keys = new Set<string | undefined>();
      const failed = new Set<string>();
      let starts = 0;
      for (let done = false; !done;) {
        starts += 1;
        expect(starts).toBeLessThan(60);
        const flaky = (api: CryptoApi) => failingOnce(api, failed, heard);
        try {
          const bot = await openBotDevice(lab, seat, flaky);
          try {
            await startIdentity(bot);
            done = true;
          } finally {
            if (bot.safe.state().state !== 'none') keys.add(bot.safe.peek()?.reveal());
            bot.close();
          }
        } catch (error) {
          expect(error).toBeInstanceOf(MatrixFailure);
        }
      }
      expect(starts).toBe(failed.size + 1);
      expect([...failed]).toEqual(expect.arrayContaining(everyRequest));
      expect(keys.size).toBe(1);
      const [written] = keys;
      const key = readRecoveryKey(new Secret(written ?? ''));
      const second = await secondDevice(account);
      const { sdk, crypto } = await otherClient(lab, second, key.reveal());
      await crypto.userHasCrossSigningKeys(account.userId, true);
      await crypto.bootstrapCrossSigning({});
      expect(await crypto.isCrossSigningReady()).toBe(true);
      expect((await crypto.checkKeyBackupAndEnable())?.trustInfo.trusted).toBe(true);
      await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
      sdk.stopClient();
    },
  );
});

describe('store, token and device are one unit', () => {
  /** Opens it and tells what it asked of the home server. */
  async function refused(seat: Parameters<typeof openBotDevice>[1]) {
    const asked: string[] = [];
    const spy = (api: CryptoApi): CryptoApi => ({
      ...api,
      perform: (request) => {
        asked.push(request.kind);
        return api.perform(request);
      },
    });
    const error: unknown = await openBotDevice(lab, seat, spy).then(
      (bot) => bot.close(),
      (thrown: unknown) => thrown,
    );
    return { error, asked };
  }

  test('[#32] keys that are gone are not replaced', async () => {
    const account = await newAccount();
    const seat = seatFor(lab, account);
    const bot = await openBotDevice(lab, seat);
    await startIdentity(bot);
    bot.close();
    for (const end of ['', '-wal', '-shm'])
      rmSync(join(seat.folder, `device.sqlite${end}`), { force: true });
    // Also the second time: a refusal leaves nothing behind that would let the next start in.
    for (let start = 0; start < 2; start += 1) {
      const { error, asked } = await refused(seat);
      expect(error).toEqual(code('E_CRYPTO_KEYS_LOST'));
      expect(asked).toEqual(['keys-query']);
    }
    // Nor anything that would keep out the new device, which is the way on.
    const fresh = await openBotDevice(lab, { ...seat, account: await secondDevice(account) });
    fresh.close();
  });

  test('[#32] the token of another device or person is refused, nothing is sent', async () => {
    const account = await newAccount();
    const seat = seatFor(lab, account);
    const bot = await openBotDevice(lab, seat);
    await startIdentity(bot);
    bot.close();
    for (const other of [await secondDevice(account), await newAccount()]) {
      const { error, asked } = await refused({ ...seat, account: other });
      expect(error).toEqual(code('E_CRYPTO_OTHER_DEVICE'));
      expect(asked).toEqual([]);
    }
    const again = await openBotDevice(lab, seat);
    expect(again.crypto.fingerprint).toBe(bot.crypto.fingerprint);
    again.close();
  });

  test('a token without a device is refused', async () => {
    const account = await newAccount();
    const answer = await lab.admin.request({
      method: 'POST',
      path: `/_synapse/admin/v1/users/${encodeURIComponent(account.userId)}/login`,
      body: {},
    });
    const { access_token: accessToken } = answer as { access_token: string };
    const { error } = await refused(seatFor(lab, { ...account, accessToken }));
    expect(error).toEqual(code('E_CRYPTO_NO_DEVICE'));
  });

  test('[#32] another master key opens nothing and spoils nothing', async () => {
    const seat = seatFor(lab, await newAccount());
    const bot = await openBotDevice(lab, seat);
    await startIdentity(bot);
    bot.close();
    const masterKey = new MasterKey(new Secret(new Uint8Array(32).fill(9)));
    const { error, asked } = await refused({ ...seat, masterKey });
    expect(error).toEqual(code('E_CRYPTO_STORE_KEY'));
    expect(asked).toEqual(['keys-query']);
    const again = await openBotDevice(lab, seat);
    expect(again.crypto.fingerprint).toBe(bot.crypto.fingerprint);
    again.close();
  });
});

describe('recovery', () => {
  const quietly = () => undefined;

  test('[#32] a new device with the recovery key has the old identity and reads what was said', async () => {
    const account = await newAccount();
    const lost = await openBotDevice(lab, seatFor(lab, account));
    await startIdentity(lost);
    const event = await say(lost);
    await lost.backup.backUpKeys();
    const identity = await shownKey(lost);
    const key = readRecoveryKey(lost.safe.show());
    lost.close();

    const second = await secondDevice(account);
    const fresh = await openBotDevice(lab, seatFor(lab, second));
    await expect(startIdentity(fresh)).rejects.toEqual(code('E_IDENTITY_NOT_HERE'));
    const told: unknown[] = [];
    const progress = (text: unknown) => told.push(text);
    const recovered = await recover({ ...fresh, onProgress: progress }, key);
    expect(recovered).toEqual({ identity, keys: { imported: 1, total: 1, damaged: 0 } });
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(await shownKey(fresh)).toBe(identity);
    expect(await read(fresh, event)).toMatchObject({ content: { body: 'what was said before' } });
    // It starts like any other now, writes to the same backup, and has no key to show.
    await startIdentity(fresh);
    expect(fresh.safe.isToTell()).toBe(false);
    expect(fresh.backup.state).toEqual({ state: 'on', version: '1' });
    expect(fresh.safe.state().state).toBe('shown');
    fresh.close();

    const { sdk, crypto } = await otherClient(lab, await secondDevice(account), key.reveal());
    await crypto.userHasCrossSigningKeys(account.userId, true);
    await crypto.bootstrapCrossSigning({});
    const verdict = await crypto.getDeviceVerificationStatus(account.userId, second.deviceId);
    expect(verdict?.crossSigningVerified).toBe(true);
    sdk.stopClient();
  });

  test('[#32] another recovery key opens nothing, and can be tried again', async () => {
    const account = await newAccount();
    const lost = await openBotDevice(lab, seatFor(lab, account));
    await startIdentity(lost);
    const key = readRecoveryKey(lost.safe.show());
    lost.close();
    const fresh = await openBotDevice(lab, seatFor(lab, await secondDevice(account)));
    const parts = { ...fresh, onProgress: quietly };
    await expect(recover(parts, makeRecoveryKey())).rejects.toEqual(code('E_RECOVERY_KEY_WRONG'));
    expect((await fresh.machine.crossSigningStatus()).hasMaster).toBe(false);
    await recover(parts, key);
    expect((await fresh.machine.crossSigningStatus()).hasMaster).toBe(true);
    fresh.close();
  });

  test.each(['m.cross_signing.master', 'm.megolm_backup.v1'] as const)(
    '[#32] what the key opens must be what the account shows: %s of somebody else is refused',
    async (name) => {
      const account = await newAccount();
      const lost = await openBotDevice(lab, seatFor(lab, account));
      await startIdentity(lost);
      const key = readRecoveryKey(lost.safe.show());
      const storage = await SecretStorage.open(lost.api, key);
      await storage.put(
        name,
        new Secret(Buffer.alloc(32, 9).toString('base64').replace(/=+$/, '')),
      );
      lost.close();
      const fresh = await openBotDevice(lab, seatFor(lab, await secondDevice(account)));
      const parts = { ...fresh, onProgress: quietly };
      await expect(recover(parts, key)).rejects.toEqual(code('E_RECOVERY_MISMATCH'));
      const { hasMaster } = await fresh.machine.crossSigningStatus();
      expect(hasMaster).toBe(name === 'm.megolm_backup.v1');
      expect(fresh.safe.state().state).toBe('none');
      fresh.close();
    },
  );

  test('an account without secret storage has nothing to recover', async () => {
    const bot = await openBotDevice(lab, seatFor(lab, await newAccount()));
    const parts = { ...bot, onProgress: quietly };
    await expect(recover(parts, makeRecoveryKey())).rejects.toEqual(code('E_RECOVERY_NONE'));
    bot.close();
  });
});
