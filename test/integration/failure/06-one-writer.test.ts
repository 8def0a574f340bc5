import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { logout, register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { accountOf, changeOf } from './accounts.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ name: 'one-writer' });
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(() => lab.stop());

/** What the process that has the store tells of itself. */
const lockHolder = z.object({ pid: z.int() });

const writes = (bot: BotProcess, text: string): Promise<true> =>
  until(`"${text}" in the log`, () => (bot.output().includes(text) ? true : undefined), {
    timeoutMs: 20_000,
  });

it('[#6] a terminal command has the store: a bot waits visibly and starts after it, others wait too', async () => {
  const { configFile } = await lab.configureBot();
  const held = lab.proxy.add({ match: changeOf('slow'), fault: { action: 'hang' }, times: 1 });
  const slow = urtc(['user', 'add', 'slow', '--config', configFile]);
  await until('the terminal works', () => (held.hits === 1 ? true : undefined), {
    timeoutMs: 20_000,
  });
  const holder = lockHolder.parse(
    JSON.parse(readFileSync(join(dirname(configFile), 'data', 'lock.json'), 'utf8')),
  );
  const bot = await lab.startBot({ waitReady: false });
  const next = urtc(['user', 'add', 'next', '--config', configFile]);
  await writes(bot, 'waiting: another urtc is using the data folder');
  expect(bot.output()).toContain(`"pid":${holder.pid},`);
  expect(bot.output()).not.toContain('"started"');
  expect(await bot.status('/readyz')).toBe(0);
  // The request of the terminal breaks; it asks what became of it, says so and ends.
  lab.proxy.cut();
  const first = await slow;
  expect(first.code).toBe(69);
  expect(first.stdout + first.stderr).toContain('E_ADMIN_API_UNREACHABLE');
  await bot.ready();
  expect(await accountOf(lab, 'slow')).toBeUndefined();
  expect((await next).code).toBe(0);
  expect(await accountOf(lab, 'next')).toBeDefined();
  expect(await bot.term()).toEqual({ code: 0, signal: null });
});

it('[#27] a token revoked under a running bot: exit 79, nothing asked again, with the next step', async () => {
  const session = await register(lab.synapse.baseUrl, { localpart: 'revoked' });
  const bot = await lab.startBot({ name: 'revoked', account: session });
  await logout(lab.synapse.baseUrl, session.accessToken);
  lab.proxy.cut();
  expect(await bot.exited).toEqual({ code: 79, signal: null });
  expect(bot.output()).toContain('E_TOKEN_REVOKED');
  expect(bot.output()).toContain('put the new token into the file that');
  const refused = lab.proxy.log
    .all()
    .filter(({ token, status }) => token === session.accessToken && status === 401);
  expect(refused).not.toEqual([]);
  expect(refused.filter(({ path }) => path.endsWith('/sync')).length).toBeLessThanOrEqual(1);
  // What was under way side by side is refused side by side; nothing is begun or tried after that.
  const firstRefusal = Math.min(...refused.map(({ startedAt, ms }) => startedAt + ms));
  const onTheWayMs = 1000;
  expect(refused.filter(({ startedAt }) => startedAt > firstRefusal + onTheWayMs)).toEqual([]);
  const before = lab.proxy.log.count();
  const again = await lab.startBot({ name: 'revoked', account: session, waitReady: false });
  expect(await again.exited).toEqual({ code: 79, signal: null });
  const asked = lab.proxy.log.all().slice(before);
  expect(asked.filter(({ token }) => token === session.accessToken)).toHaveLength(1);
});
