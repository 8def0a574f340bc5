import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startLab, type Lab, type LabBotOptions } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { logout, register } from '../../lab/synapse/accounts.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'config-check' });
});
afterAll(() => lab.stop());

let bots = 0;
async function check(options: LabBotOptions = {}, env: NodeJS.ProcessEnv = {}, ...more: string[]) {
  bots += 1;
  const { configFile } = await lab.configureBot({ name: `bot-${bots}`, ...options });
  const { code, stdout } = await urtc(['config', 'check', ...more, '--config', configFile], {
    env,
  });
  return { code, stdout };
}

const admin = { accessToken: { env: 'ADMIN_TOKEN' } };

describe('config check asks the home server', () => {
  it('and finds nothing where all is right; it says what the bot will make', async () => {
    const { code, stdout } = await check();
    expect(code).toBe(0);
    expect(stdout).toContain('is right');
    expect(stdout).toContain('the bot makes it when it starts');
  });

  it.each([
    [
      'a token of another account',
      async () => ({ account: { ...(await newAccount()), userId: lab.botAccount.userId } }),
      'the access token belongs to @check',
    ],
    [
      'a token that was revoked',
      async () => {
        const account = await newAccount();
        await logout(lab.synapse.baseUrl, account.accessToken);
        return { account };
      },
      'E_TOKEN_REVOKED',
    ],
    [
      'a bot whose account does not exist',
      () => ({ account: { ...lab.botAccount, userId: '@nobody:lab.test' } }),
      'the home server has no such account',
    ],
    ["an admin's token for the bot", () => ({ account: lab.botAdmin }), 'E_TOKEN_IS_ADMIN'],
  ])('and finds %s', async (_what, options, told) => {
    const { code, stdout } = await check(await options());
    expect(code).toBe(stdout.includes('E_TOKEN_REVOKED') ? 79 : 78);
    expect(stdout).toContain(told);
    expect(stdout).toContain('→');
  });

  it('and finds an admin token without rights, and one that is the same as the other', async () => {
    const account = lab.botAccount;
    const env = { ADMIN_TOKEN: account.accessToken };
    const { code, stdout } = await check({ account, settings: { admin } }, env);
    expect(code).toBe(78);
    expect(stdout).toContain('it is the same token as `bot.accessToken`');
    expect(stdout).toContain('E_ADMIN_API_FORBIDDEN');
    expect(stdout).toContain('2 mistakes');
  });

  it('and warns of people who have no account on the own server, of others not', async () => {
    const people = ['@ghost:lab.test', '@alice:lab.test', '@far:else.where'].map((user) => ({
      ...{ user, role: 'admin' },
    }));
    const { code, stdout } = await check({ people });
    expect(code).toBe(0);
    expect(stdout).toContain('@ghost:lab.test has no account');
    expect(stdout).toContain('gets the role admin');
    expect(stdout).toContain('urtc user add ghost');
    expect(stdout).not.toMatch(/@(alice|far):\S+ has no account/);
  });

  it('and counts what is no Matrix server as one mistake', async () => {
    const other = createServer((_request, response) => response.writeHead(404).end('nothing'));
    onTestFinished(() => void other.close());
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const address = other.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const { code, stdout } = await check(
      { settings: { homeserver: { url }, admin: { ...admin, url } } },
      { ADMIN_TOKEN: 'syt_a' },
    );
    expect(code).toBe(78);
    expect(stdout).toContain('E_HOMESERVER_NOT_MATRIX');
    expect(stdout).not.toContain('E_ADMIN_API');
    expect(stdout).not.toContain('mistakes');
  });

  it('and says plainly when nobody answers; --offline does not ask', async () => {
    lab.proxy.log.clear();
    const offline = await check({}, {}, '--offline');
    expect(offline.code).toBe(0);
    expect(offline.stdout).toContain('was not asked');
    expect(lab.proxy.log.count()).toBe(0);
    const settings = {
      homeserver: { url: 'http://127.0.0.1:1' },
      admin: { ...admin, url: 'http://127.0.0.1:1' },
    };
    const { code, stdout } = await check({ settings }, { ADMIN_TOKEN: 'syt_a' });
    expect(code).toBe(0);
    expect(stdout).toContain('could not be asked');
    expect(stdout.match(/could not be asked/g)).toHaveLength(1);
  });
});

const newAccount = () =>
  register(lab.synapse.baseUrl, { localpart: `check-${(bots += 1)}-${Date.now()}` });
