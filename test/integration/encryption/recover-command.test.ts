import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  makeRecoveryKey,
  writeRecoveryKey,
} from '../../../src/bot/crypto/recovery/recovery-key.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { launcher, plainEnvironment, urtc } from '../../lab/product.ts';
import { login, register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'recover', people: ['alice'] });
});
afterAll(() => lab.stop());

const page = z.object({ error: z.object({ code: z.string() }).optional() }).loose();

/** `urtc ARG… --json` with this on standard input. */
function typed(input: string, ...args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const env = plainEnvironment({});
    const call = execFile(
      process.execPath,
      [launcher, ...args, '--json'],
      { env },
      (error, out) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: out });
      },
    );
    call.stdin?.end(input);
  });
}

test('[#32] a server that is lost but for its recovery key: a new device is the bot again', async () => {
  const bot = await lab.startBot();
  const on = ['--config', bot.configFile];
  const before = await identityKey();
  const shown = await urtc(['bot', 'recovery-key', ...on]);
  const key = /Es[1-9A-Za-z]{2}(?: [1-9A-Za-z]{4}){11}/.exec(shown.stdout)?.[0] ?? '';
  expect(key).not.toBe('');
  expect((await urtc(['bot', 'recovery-key', ...on])).code).toBe(64);
  expect((await typed(key, 'bot', 'recover', ...on)).code).not.toBe(0);
  await bot.term();

  const data = join(dirname(bot.configFile), 'data');
  rmSync(data, { recursive: true });
  const { localpart, password } = lab.botAccount;
  const account = await login(lab.synapse.baseUrl, localpart, password);
  await lab.configureBot({ account });
  for (const [wrong, code] of [
    ['not a key', 'E_RECOVERY_KEY_INVALID'],
    [writeRecoveryKey(makeRecoveryKey()).reveal(), 'E_RECOVERY_KEY_WRONG'],
  ] as const) {
    const refused = await typed(`${wrong}\n`, 'bot', 'recover', ...on);
    expect(refused.code).not.toBe(0);
    expect(page.parse(JSON.parse(refused.text)).error?.code).toBe(code);
  }
  const recovered = await typed(`${key}\n`, 'bot', 'recover', ...on);
  expect(recovered.code).toBe(0);
  expect(recovered.text.replaceAll(' ', '')).toContain(before);
  const again = await lab.startBot({ account, waitReady: false });
  // The room vouches for the log that was lost, until the owner says that he knows.
  await until(
    'the loss of the log to be seen',
    () => (again.output().includes('not the one that was anchored') ? true : undefined),
    { timeoutMs: 60_000 },
  );
  const accepted = await urtc(['bot', 'accept-audit', '--yes', ...on]);
  expect(accepted.code, accepted.stdout).toBe(0);
  await until(
    'the bot to be ready',
    async () => ((await again.status('/readyz')) === 200 ? true : undefined),
    { timeoutMs: 60_000 },
  );
  expect(await identityKey()).toBe(before);
  expect(again.output()).not.toContain(key);
  expect(again.output()).not.toContain(key.replaceAll(' ', ''));
});

test('[#32] a token that was replaced: recover sets the old device aside, and leaves its trace', async () => {
  const first = await register(lab.synapse.baseUrl, { localpart: 'rotated' });
  const told = { name: 'rotated', account: first };
  const bot = await lab.startBot(told);
  const on = ['--config', bot.configFile];
  const shown = await urtc(['bot', 'recovery-key', ...on]);
  const key = /Es[1-9A-Za-z]{2}(?: [1-9A-Za-z]{4}){11}/.exec(shown.stdout)?.[0] ?? '';
  await bot.term();
  const account = await login(lab.synapse.baseUrl, 'rotated', first.password);
  await lab.configureBot({ ...told, account });
  const refused = await lab.startBot({ ...told, account, waitReady: false });
  expect((await refused.exited).code).toBe(78);
  expect(refused.output()).toContain('urtc bot recover');

  const file = join(dirname(bot.configFile), 'data/device.sqlite');
  const wrong = writeRecoveryKey(makeRecoveryKey()).reveal();
  expect((await typed(`${wrong}\n`, 'bot', 'recover', ...on)).code).toBe(77);
  expect(existsSync(`${file}.old`)).toBe(false);

  const recovered = await typed(`${key}\n`, 'bot', 'recover', ...on);
  expect(recovered.text).toContain(`${file}.old`);
  // Nobody logged the old one out.
  expect(recovered.text).toContain(`/devices/${first.deviceId}`);
  expect(recovered.code).toBe(0);
  const again = await typed(`${key}\n`, 'bot', 'recover', ...on);
  expect(again.text).not.toContain(`${file}.old`);
  const there = /(\d+) of (\d+), 0 of them new/.exec(again.text);
  expect(there?.[1]).toBe(there?.[2]);
  const trail = await urtc(['audit', '--command', 'bot recover', '--json', ...on]);
  expect(trail.stdout.match(/"E_RECOVERY_KEY_WRONG"/g)).toHaveLength(1);
  expect(trail.stdout.match(/"begun"/g)).toHaveLength(2);
  const life = await lab.startBot({ ...told, account });
  expect((await life.term()).code).toBe(0);
});

const keys = z.looseObject({
  master_keys: z.record(z.string(), z.looseObject({ keys: z.record(z.string(), z.string()) })),
});

/** The bot's identity as everybody is shown it. */
async function identityKey(): Promise<string> {
  const { userId } = lab.botAccount;
  const answer = await lab.person('alice').request({
    method: 'POST',
    path: '/_matrix/client/v3/keys/query',
    body: { device_keys: { [userId]: [] } },
  });
  const [key] = Object.values(keys.parse(answer).master_keys[userId]?.keys ?? {});
  return z.string().parse(key);
}
