import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { logout, register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'admin-credential' });
});
afterAll(() => lab.stop());

const admin = { accessToken: { env: 'ADMIN_TOKEN' } };

async function readyzSays(bot: BotProcess, part: string): Promise<void> {
  await until(
    `${part} on /readyz`,
    async () =>
      (await bot.status('/livez')) === 200 && (await bot.page('/readyz')).includes(part)
        ? true
        : undefined,
    { timeoutMs: 60_000 },
  );
  expect(await bot.status('/readyz')).toBe(503);
}

const accepted = async (bot: BotProcess): Promise<string | undefined> =>
  /^urtc_admin_api_accepted (\d)/m.exec(await bot.page('/metrics'))?.[1];

it.each([
  ['unknown', async () => Promise.resolve('syt_nobody_knows_this')],
  [
    "an ordinary account's",
    async () => (await register(lab.synapse.baseUrl, { localpart: 'ordinary' })).accessToken,
  ],
])('an admin token that is %s is told from the start on', async (name, make) => {
  const bot = await lab.startBot({
    name: `bad-${name.slice(0, 2)}`,
    account: await register(lab.synapse.baseUrl, { localpart: `bot-${name.slice(0, 2)}` }),
    people: [{ user: '@nobody:lab.test', role: 'admin' }],
    settings: { admin },
    env: { ADMIN_TOKEN: await make() },
    waitReady: false,
  });
  await readyzSays(
    bot,
    '"part":"admin-api","reason":"The home server refuses the admin credential',
  );
  expect(bot.output()).toContain('E_ADMIN_API_FORBIDDEN');
  expect(await accepted(bot)).toBe('0');
  const status = await urtc(['status', '--config', bot.configFile]);
  expect(status.stdout).toContain('Accounts can not be managed: The home server refuses');
  expect(status.stdout).toContain('admin.accessToken');
  expect(status.stdout).not.toContain('All is well');
  expect((await bot.term()).code).toBe(0);
  const alone = await urtc(['status', '--config', bot.configFile], {
    env: { ADMIN_TOKEN: 'syt_wrong' },
  });
  expect(alone.stdout).toContain('Accounts can not be managed: The home server refuses');
});

it('an admin token that is revoked while the bot runs shows with the first command that meets it', async () => {
  const account = await register(lab.synapse.baseUrl, { localpart: 'second-admin', admin: true });
  const bot = await lab.startBot({
    name: 'revoked',
    settings: { admin },
    env: { ADMIN_TOKEN: account.accessToken },
  });
  expect(await accepted(bot)).toBe('1');
  const fine = await urtc(['status', '--config', bot.configFile]);
  expect(fine.stdout).toContain('All is well');
  await logout(lab.synapse.baseUrl, account.accessToken);
  const refused = await urtc(['user', 'list', '--config', bot.configFile]);
  expect(refused.stdout + refused.stderr).toContain('E_ADMIN_API_FORBIDDEN');
  expect(await bot.page('/readyz')).toContain('"part":"admin-api"');
  expect(await accepted(bot)).toBe('0');
  const alice = lab.person('alice');
  const room = await lab.enterAdminRoom();
  const status = await alice.ask(room, '!status');
  expect(status.outcome).toBe('warning');
  expect(status.body).toContain('The home server refuses the admin credential');
  await bot.term();
});
