import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { MatrixFailure } from '../../../src/bot/client/failure.ts';
import { idOfRecoveryKey, readRecoveryKey } from '../../../src/bot/crypto/recovery/recovery-key.ts';
import { accountSecrets, SecretStorage } from '../../../src/bot/crypto/recovery/secret-storage.ts';
import { startIdentity } from '../../../src/bot/crypto/recovery/start-identity.ts';
import { AppError } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { login, register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { openBotDevice, seatFor } from './bot-device.ts';
import { failingOnce, type Heard } from './flaky-api.ts';
import { otherClient } from './other-client.ts';
import { ReplacingBot } from './replacing-bot.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'new-recovery-key', people: ['alice'], encrypted: true });
});
afterAll(() => lab.stop());

const shownKey = /Es[1-9A-Za-z]{2}(?: [1-9A-Za-z]{4}){11}/;
const keyIn = (text: string): string => shownKey.exec(text)?.[0] ?? '';

/** A client of the bot's account with this recovery key. */
async function withKey(written: string) {
  const { localpart, password } = lab.botAccount;
  const device = await login(lab.synapse.baseUrl, localpart, password);
  const client = await otherClient(lab, device, readRecoveryKey(new Secret(written)).reveal());
  await client.crypto.userHasCrossSigningKeys(lab.botAccount.userId, true);
  return client;
}

test('[#32] a recovery key that was lost is replaced: the old one opens nothing, the identity stays', async () => {
  const alice = lab.person('alice');
  const invited = alice.invitation();
  const bot = await lab.startBot();
  const room = await invited;
  await alice.join(room);
  await alice.ask(room, '!version');
  const on = ['--config', bot.configFile];
  const identity = async (): Promise<string> =>
    (await urtc(['bot', 'identity', ...on])).stdout.replaceAll(
      /Recovery key.*|Key.*backed up.*/g,
      '',
    );
  const old = keyIn((await urtc(['bot', 'recovery-key', ...on])).stdout);
  const before = await identity();
  expect(before).toContain('version 1');

  const asked = await urtc(['bot', 'replace-recovery-key', ...on]);
  expect(asked.code).not.toBe(0);
  expect(await identity()).toBe(before);
  const replaced = await urtc(['bot', 'replace-recovery-key', '--yes', ...on]);
  expect(replaced.stdout + replaced.stderr).toMatch(/sudo urtc bot recovery-key/);
  expect(replaced.code).toBe(0);
  expect(keyIn(replaced.stdout)).toBe('');
  const fresh = keyIn((await urtc(['bot', 'recovery-key', ...on])).stdout);
  expect(fresh).not.toBe('');
  expect(fresh).not.toBe(old);
  expect((await urtc(['bot', 'recovery-key', ...on])).code).toBe(64);
  expect(await identity()).toBe(before.replace('version 1', 'version 2'));
  expect((await alice.ask(room, '!version')).outcome).toBe('ok');

  await until(
    'the new backup holds every key',
    async () => {
      const { stdout } = await urtc(['bot', 'identity', ...on]);
      return /\b([1-9]\d*) of \1\b/.test(stdout) ? true : undefined;
    },
    { timeoutMs: 60_000 },
  );
  const good = await withKey(fresh);
  await good.crypto.bootstrapCrossSigning({});
  expect(await good.crypto.isCrossSigningReady()).toBe(true);
  await good.crypto.loadSessionBackupPrivateKeyFromSecretStorage();
  expect((await good.crypto.restoreKeyBackup()).imported).toBeGreaterThan(0);
  good.sdk.stopClient();

  const bad = await withKey(old);
  await expect(bad.crypto.loadSessionBackupPrivateKeyFromSecretStorage()).rejects.toThrow();
  bad.sdk.stopClient();

  // A later start goes on with the new one.
  await bot.term();
  await lab.startBot();
  expect(await identity()).toBe(before.replace('version 1', 'version 2'));
  expect((await alice.ask(room, '!version')).outcome).toBe('ok');
});

const names = Object.values(accountSecrets);
const stored = z.object({ encrypted: z.record(z.string(), z.unknown()) });

test.each<Heard>(['unheard', 'heard'])(
  '[#32] after a crash at every single request of the replacement one key opens everything, and it is the one to be shown (%s by the home server)',
  async (heard) => {
    const { baseUrl } = lab.synapse;
    const seat = seatFor(lab, await register(baseUrl, { localpart: `bot-${heard}` }));
    const first = await openBotDevice(lab, seat);
    await startIdentity(first);
    const old = readRecoveryKey(first.safe.show());
    const madeAt = first.safe.madeAt();
    first.close();

    const failed = new Set<string>();
    const keys = new Set<string | undefined>();
    let lives = 0;
    for (let done = false; !done;) {
      lives += 1;
      expect(lives).toBeLessThan(60);
      const bot = new ReplacingBot(lab, seat, (api) => failingOnce(api, failed, heard));
      try {
        await bot.open();
        // The job is gone on with, as it was planned.
        await bot.desk.replaceRecoveryKey(madeAt);
        done = true;
      } catch (error) {
        if (!(error instanceof AppError)) expect(error).toBeInstanceOf(MatrixFailure);
        else expect(error.code).toBe('E_HOMESERVER_UNREACHABLE');
      } finally {
        if (bot.safe.madeAt() !== madeAt) keys.add(bot.safe.peek()?.reveal());
        await bot.close();
      }
    }
    expect(lives).toBe(failed.size + 1);
    const written = [...names, 'm.secret_storage.default_key'].map((name) => `put ${name} 1`);
    expect([...failed]).toEqual(expect.arrayContaining([...written, 'new backup 1']));

    const last = await openBotDevice(lab, seat);
    await startIdentity(last);
    const shown = last.safe.show();
    expect([...keys]).toEqual([shown.reveal()]);
    const storage = await SecretStorage.open(last.api, readRecoveryKey(shown));
    for (const name of names) {
      expect(await storage.get(name)).not.toBeNull();
      const { encrypted } = stored.parse(await last.api.accountData(name));
      expect(Object.keys(encrypted)).toEqual([idOfRecoveryKey(readRecoveryKey(shown))]);
    }
    const backupKey = (await storage.get('m.megolm_backup.v1'))?.reveal() ?? '';
    const { megolmV1PublicKey } = last.library.BackupDecryptionKey.fromBase64(backupKey);
    const present = await last.api.backupVersion();
    expect(present?.authData['public_key']).toBe(megolmV1PublicKey.publicKeyBase64);
    expect(last.backup.state).toEqual({ state: 'on', version: present?.version });
    await expect(SecretStorage.open(last.api, old)).rejects.toThrow('E_RECOVERY_KEY_WRONG');
    last.close();
  },
);
