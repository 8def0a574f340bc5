import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { logout, register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'daemon-start' });
});
afterAll(() => lab.stop());

const whoami = { path: /\/account\/whoami$/ };

describe('a bot that can not begin', () => {
  it('[#6] ends at once with an error where another one has the store; the first one lives', async () => {
    const first = await lab.startBot({ name: 'one-store' });
    const second = await lab.startBot({ name: 'one-store', waitReady: false });
    expect(await second.exited).toEqual({ code: 69, signal: null });
    expect(second.output()).toContain('E_STORE_LOCKED');
    expect(second.output()).toContain(String(first.pid));
    expect(await first.status('/readyz')).toBe(200);
    expect((await first.term()).code).toBe(0);
  });

  it('[#27] ends with its own exit code at the first refusal of its token', async () => {
    const account = await register(lab.synapse.baseUrl, { localpart: 'revoked-at-start' });
    await logout(lab.synapse.baseUrl, account.accessToken);
    const before = lab.proxy.log.count();
    const bot = await lab.startBot({ name: 'revoked', account, waitReady: false });
    expect(await bot.exited).toEqual({ code: 79, signal: null });
    expect(bot.output()).toContain('E_TOKEN_REVOKED');
    // It has had no device: there is nothing to recover, and no key to do it with.
    expect(bot.output()).toContain('holds the whole token');
    expect(bot.output()).not.toContain('bot recover');
    const asked = lab.proxy.log.all().slice(before);
    expect(asked.filter((record) => record.token === account.accessToken)).toHaveLength(1);
  });

  it('refuses a chat token that opens the whole server', async () => {
    const bot = await lab.startBot({
      name: 'admin-token',
      account: lab.botAdmin,
      waitReady: false,
    });
    expect(await bot.exited).toEqual({ code: 78, signal: null });
    expect(bot.output()).toContain('E_TOKEN_IS_ADMIN');
  });

  it("refuses another account's token and names the account", async () => {
    const stranger = await register(lab.synapse.baseUrl, { localpart: 'stranger' });
    const account = { ...stranger, userId: lab.botAccount.userId };
    const bot = await lab.startBot({ name: 'mixed-up', account, waitReady: false });
    expect(await bot.exited).toEqual({ code: 78, signal: null });
    expect(bot.output()).toContain(stranger.userId);
  });

  it.each([
    ['a wrong key', { lanugage: 'en' }, 'E_CONFIG_INVALID', 78],
    ['nobody allowed', { people: [] }, 'E_CONFIG_NOBODY_ALLOWED', 78],
    ['a role for no command', { roles: { 'user ad': 'admin' } }, 'E_CONFIG_INVALID', 78],
    ['an unreadable secret', { key: { file: 'nowhere' } }, 'E_SECRET_UNREADABLE', 78],
    ['a data folder in a file', { dataDir: 'config.yaml/data' }, 'E_CONFIG_INVALID', 78],
    [
      'a socket folder in a file',
      { terminal: { socketDir: 'config.yaml/run' } },
      'E_CONFIG_INVALID',
      78,
    ],
    [
      'a group that is not there',
      { terminal: { groups: { viewer: 'no-such-group' } } },
      'E_CONFIG_INVALID',
      78,
    ],
  ])('says what is wrong: %s', async (name, settings, code, exit) => {
    const bot = await lab.startBot({ name: name.replaceAll(' ', '-'), settings, waitReady: false });
    expect(await bot.exited).toEqual({ code: exit, signal: null });
    expect(bot.output()).toContain(code);
  });

  it('says that its port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void holder.close());
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const settings = { http: { host: '127.0.0.1', port } };
    const bot = await lab.startBot({ name: 'port', settings, waitReady: false });
    expect((await bot.exited).code).toBe(78);
    for (const part of ['E_ADDRESS_UNUSABLE', 'EADDRINUSE', `sport = :${port}`])
      expect(bot.output()).toContain(part);
  });
});

describe('a home server that is not there yet', () => {
  it('is waited for; the terminal works meanwhile, readiness tells the truth', async () => {
    const { configFile } = await lab.configureBot({ name: 'early' });
    lab.proxy.block();
    const bot = await lab.startBot({ name: 'early', waitReady: false });
    await until(
      'the bot serves',
      async () => ((await bot.status('/livez')) === 200 ? true : undefined),
      {
        timeoutMs: 60_000,
      },
    );
    await until(
      'the reason on /readyz',
      async () => ((await bot.page('/readyz')).includes('does not answer') ? true : undefined),
      { timeoutMs: 60_000 },
    );
    expect(await bot.status('/readyz')).toBe(503);
    const answer = await urtc(['whoami', '--config', configFile]);
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    lab.proxy.unblock();
    await bot.ready();
    expect(bot.output()).toContain('E_HOMESERVER_UNREACHABLE');
    await bot.term();
  });

  it('is not taken for something else that answers there', async () => {
    const other = createServer((_request, response) => response.end('<h1>Welcome to nginx</h1>'));
    onTestFinished(() => void other.close());
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? '') : ''}`;
    const bot = await lab.startBot({
      name: 'nginx',
      settings: { homeserver: { url } },
      waitReady: false,
    });
    await until(
      'the error in the log',
      () => (bot.output().includes('E_HOMESERVER_NOT_MATRIX') ? true : undefined),
      { timeoutMs: 60_000 },
    );
    expect([await bot.status('/livez'), await bot.status('/readyz')]).toEqual([200, 503]);
    expect(lab.proxy.log.count(whoami)).toBeGreaterThan(0);
    expect((await bot.term()).code).toBe(0);
  });
});

describe('a config that changes', () => {
  it('is followed after SIGHUP; a wrong one is refused and the old one holds', async () => {
    const bot = await lab.startBot({ name: 'reload' });
    const alice = lab.person('alice');
    // The bots before this one have invited her, too.
    const made = /"room":"(![^"]+)","msg":"made the admin room"/.exec(bot.output())?.[1];
    const room = await alice.join(await alice.invitation(made));
    expect((await alice.ask(room, '!whoami')).body).toContain('English');
    const file = join(dirname(bot.configFile), 'config.yaml');
    const text = readFileSync(file, 'utf8');
    const logged = (message: string) =>
      until(message, () => (bot.output().includes(message) ? true : undefined), {
        timeoutMs: 60_000,
      });
    writeFileSync(file, text.replace('"adminRoom"', '"lanugage": "zh", "adminRoom"'));
    bot.signal('SIGHUP');
    await logged('E_CONFIG_INVALID');
    expect((await alice.ask(room, '!whoami')).body).toContain('English');
    writeFileSync(file, text.replace('"dataDir": "data"', '"language": "zh", "dataDir": "other"'));
    bot.signal('SIGHUP');
    await logged('read the config again');
    expect(bot.output()).toContain('"changed":["language"],"needsRestart":["dataDir"]');
    expect((await alice.ask(room, '!whoami')).body).toContain('中文');
    await bot.term();
  });
});
