import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecoveryKey } from '../../../src/bot/crypto/recovery/recovery-key.ts';
import { Secret } from '../../../src/core/secret.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { login } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { otherClient } from './other-client.ts';

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
    { timeoutMs: 20_000 },
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
}, 90_000);
