import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBot } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { freePort } from '../../lab/ports.ts';
import { urtc, type TerminalResult } from '../../lab/product.ts';
import { installSynapse } from '../../lab/synapse/install.ts';
import { until } from '../../lab/wait.ts';
import { callMany } from '../product/many-calls.ts';
import { accountOf } from './accounts.ts';
import { finalCount } from './finals.ts';

let lab: Lab;
let room: string;
beforeAll(async () => {
  lab = await startLab({ name: 'bad-input' });
});
afterAll(() => lab.stop());

let folders = 0;
/** A config that is right, in a folder of its own, changed by `spoil`. */
const spoilt = async (spoil: (file: string, text: string) => void) => {
  folders += 1;
  const { configFile, httpUrl } = await lab.configureBot({
    ...{ name: `spoilt-${folders}`, account: lab.botAccount },
  });
  spoil(configFile, readFileSync(configFile, 'utf8'));
  return { configFile, httpUrl };
};
interface BadConfig {
  readonly what: string;
  readonly spoil: (file: string, text: string) => void;
  readonly code: string;
  readonly exit: number;
  /** What the person is told: place, reason, next step. */
  readonly says: readonly (string | RegExp)[];
}

const secretOf = (file: string): string => join(dirname(file), 'secrets', 'master-key');
const bad: readonly BadConfig[] = [
  {
    what: 'a wrong key',
    spoil: (file, text) => writeFileSync(file, text.replace('"dataDir"', '"datadir"')),
    code: 'E_CONFIG_INVALID',
    exit: 78,
    says: ['datadir', 'dataDir', /line \d+/, 'urtc config check'],
  },
  {
    what: 'a wrong key deep inside',
    spoil: (file, text) => writeFileSync(file, text.replace('"socketDir"', '"socketdir"')),
    code: 'E_CONFIG_INVALID',
    exit: 78,
    says: ['terminal.socketdir', 'socketDir', /line \d+/],
  },
  {
    what: 'a wrong value',
    spoil: (file, text) => writeFileSync(file, text.replace('"role": "admin"', '"role": "king"')),
    code: 'E_CONFIG_INVALID',
    exit: 78,
    says: [/people.*role/, 'viewer, operator, admin', /line \d+/],
  },
  {
    what: 'no YAML',
    spoil: (file, text) => writeFileSync(file, text.replace('"people": [', '"people": [[')),
    code: 'E_CONFIG_SYNTAX',
    exit: 78,
    says: [/line \d+/, 'urtc config check'],
  },
  {
    what: 'bytes that are no text',
    spoil: (file) => writeFileSync(file, Buffer.from([0, 255, 254, 1, 2, 3, 0xc3, 0x28, 10])),
    code: 'E_CONFIG_',
    exit: 78,
    says: ['config.yaml'],
  },
  {
    what: 'an empty file',
    spoil: (file) => writeFileSync(file, ''),
    code: 'E_CONFIG_',
    exit: 78,
    says: ['config.yaml', 'urtc config check'],
  },
  {
    what: 'no file',
    spoil: (file) => rmSync(file),
    code: 'E_CONFIG_MISSING',
    exit: 66,
    says: ['config.yaml', '--config FILE'],
  },
  {
    what: 'a folder in its place',
    spoil: (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    code: 'E_CONFIG_UNREADABLE',
    exit: 66,
    says: ['config.yaml'],
  },
  {
    what: 'a URL that is none',
    spoil: (file, text) =>
      writeFileSync(file, text.replace(/"url": "http:[^"]*"/, '"url": "matrix example org"')),
    code: 'E_CONFIG_INVALID',
    exit: 78,
    says: ['homeserver.url', /line \d+/],
  },
  {
    what: 'a secret that is not there',
    spoil: (file) => rmSync(secretOf(file)),
    code: 'E_SECRET_UNREADABLE',
    exit: 78,
    says: ['key', 'master-key', 'Make that file, or name the right one'],
  },
  {
    what: 'a secret that others may read',
    spoil: (file) => chmodSync(secretOf(file), 0o644),
    code: 'E_SECRET_MODE',
    exit: 78,
    says: ['master-key', '644', 'chmod 600'],
  },
  {
    what: 'a master key that is too short',
    spoil: (file) => writeFileSync(secretOf(file), 'c2hvcnQ=\n'),
    code: 'E_',
    exit: 78,
    says: ['key', '32'],
  },
];

describe('a bot whose config is wrong ends at once and says what and where', () => {
  /** By what is wrong: the config, and what `urtc config check` says of it. */
  const configs = new Map<string, { configFile: string; httpUrl: string; check: TerminalResult }>();
  beforeAll(async () => {
    const made = await Promise.all(bad.map(({ spoil }) => spoilt(spoil)));
    const lines = made.map(({ configFile }) => ['config', 'check', '--config', configFile]);
    for (const [i, check] of (await callMany(lines, lab.folder)).entries()) {
      const [each, config] = [bad[i], made[i]];
      if (each !== undefined && config !== undefined) configs.set(each.what, { ...config, check });
    }
  });

  it.each(bad)('$what', async ({ what, code, exit, says }) => {
    const config = configs.get(what);
    if (config === undefined) throw new Error(`there is no config with ${what}`);
    const { python } = await installSynapse();
    const bot = startBot({ ...config, python });
    const end = await bot.exited;
    const log = bot.output();
    expect(end.code, log).toBe(exit);
    expect(log).toContain(code);
    const { check } = config;
    const said = `${check.stdout}${check.stderr}`;
    expect(check.code).toBe(exit);
    for (const part of says) {
      if (typeof part === 'string') expect(said).toContain(part);
      else expect(said).toMatch(part);
    }
    // What stands in a secret file is never shown.
    expect(said + log).not.toContain('c2hvcnQ=');
  });
});

describe('a home server that is not there', () => {
  it('at an address where nobody listens: the bot lives, is not ready, says why', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const bot = await lab.startBot({
      name: 'nobody-listens',
      settings: { homeserver: { url }, admin: { accessToken: { file: 'secrets/admin-token' } } },
      waitReady: false,
    });
    await until(
      'the reason on /readyz',
      async () =>
        (await bot.status('/livez')) === 200 && (await bot.page('/readyz')).includes(url)
          ? true
          : undefined,
      { timeoutMs: 20_000, everyMs: 100 },
    );
    expect(await bot.status('/readyz')).toBe(503);
    expect(bot.output()).toContain('E_HOMESERVER_UNREACHABLE');
    const answer = await urtc(['user', 'list', '--config', bot.configFile]);
    expect(answer.code).toBe(69);
    expect(answer.stdout).toContain('E_ADMIN_API_UNREACHABLE');
    expect(answer.stdout).toContain('status');
    const status = await urtc(['status', '--config', bot.configFile]);
    expect(status.stdout).toContain(url);
    expect(await bot.term()).toEqual({ code: 0, signal: null });
  });

  it('is dead at start: the bot goes on trying; what was sent meanwhile is done once', async () => {
    const alice = lab.person('alice');
    const first = await lab.startBot({ name: 'dead-at-start' });
    room = await lab.enterAdminRoom();
    await alice.ask(room, '!version');
    await first.term();
    const command = await alice.send(room, '!user add sent-while-away');
    const read = await alice.send(room, '!whoami');
    await lab.synapse.kill();
    const bot = await lab.startBot({ name: 'dead-at-start', waitReady: false });
    await until('it lives', async () => ((await bot.status('/livez')) === 200 ? true : undefined), {
      timeoutMs: 20_000,
    });
    await until(
      'it has noticed',
      () => (bot.output().includes('E_HOMESERVER_UNREACHABLE') ? true : undefined),
      { timeoutMs: 20_000 },
    );
    expect(await bot.status('/readyz')).toBe(503);
    await lab.synapse.start();
    const started = performance.now();
    await bot.ready();
    const answer = await alice.answerTo(room, command);
    expect(answer.outcome).toBe('ok');
    expect((await alice.answerTo(room, read)).outcome).toBe('ok');
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${seconds} s from the home server's return to the answer\n`);
    expect(await accountOf(lab, 'sent-while-away')).toBeDefined();
    expect(await finalCount(alice, room, command)).toBe(1);
    await bot.term();
  });
});

describe('a message that is no command for a person', () => {
  it('45 kB, binary and marks are each answered with a code and a next step; nothing is lost', async () => {
    const alice = lab.person('alice');
    const bot = await lab.startBot({ name: 'dead-at-start' });
    const cases = [
      [`!user add ${'x'.repeat(45_000)}`, /E_PARSE_TOO_LONG/],
      [`!user rename alice "${'🦊'.repeat(10_000)}"`, /E_PARSE_TOO_LONG/],
      ['!user add \u0001\u0002\u0007bell', /E_PARSE_CHARACTER|E_ARGUMENT_INVALID/],
      ['!user add \u202Eecila', /E_PARSE_CHARACTER/],
      ['!user add "alice', /E_PARSE_QUOTE/],
      ['!', /E_PARSE_EMPTY|E_COMMAND_UNKNOWN/],
    ] as const;
    for (const [line, code] of cases) {
      const answer = await alice.ask(room, line);
      expect(answer.outcome, line.slice(0, 40)).toBe('failed');
      expect(answer.body).toMatch(code);
      expect(answer.body).toContain('→');
      // The command is shown, but not the whole of it.
      expect(answer.body.length).toBeLessThan(2000);
    }
    expect((await alice.ask(room, '!version')).outcome).toBe('ok');
    const rows = await urtc(['jobs', '--all', '--json', '--config', bot.configFile]);
    expect(rows.code).toBe(0);
    expect(Buffer.byteLength(rows.stdout)).toBeLessThan(200_000);
    await bot.term();
  });
});
