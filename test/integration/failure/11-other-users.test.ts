import { execFile } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { text as read } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { accountOf } from './accounts.ts';
import { MetBot } from './met-bot.ts';

const nobody = 65_534;
/** The name of that group: distributions differ. */
const itsGroup = /^([^:]+):[^:]*:65534:/m.exec(readFileSync('/etc/group', 'utf8'))?.[1] ?? null;

let lab: Lab;
let alice: Person;
let bot: MetBot;
/** Where every user may go as far as the folder of the sockets, as in /run. */
const open = mkdtempSync(join(tmpdir(), 'urtc-run-'));
const socketDir = join(open, 'urtc');

beforeAll(async () => {
  chmodSync(open, 0o755);
  lab = await startLab({ name: 'other-users' });
  alice = lab.person('alice');
  bot = await MetBot.meet(lab, { settings: { terminal: { socketDir } } });
});
afterAll(async () => {
  await lab.stop();
  rmSync(open, { recursive: true, force: true });
});

const socketOf = (rank: string): string => join(socketDir, `${rank}.sock`);

const request = (words: readonly string[], more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    ...{ type: 'request', protocol: 1, words, language: 'en', login: 'root', yes: true },
    ...{ interactive: false, ...more },
  });

/** Connects as another user of the machine, says one line and returns what came, or why it could not. */
const asNobody = (rank: string, line: string): Promise<string> =>
  new Promise((resolve) => {
    const script = `
      const socket = require('node:net').connect(process.argv[1]);
      socket.on('error', (error) => console.log(error.code));
      socket.on('connect', () => socket.write(process.argv[2] + '\\n'));
      socket.pipe(process.stdout);`;
    execFile(
      process.execPath,
      ['-e', script, socketOf(rank), line],
      { uid: nobody, gid: nobody, env: {}, timeout: 30_000 },
      (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      },
    );
  });

/** Says these bytes on the owner's socket and returns all that came until it was closed. */
async function say(...chunks: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(socketOf('owner'));
  socket.on('error', () => undefined);
  for (const chunk of chunks) socket.write(chunk);
  return read(socket);
}

describe('[#11] what the bot keeps on the disk', () => {
  test('is for its own user alone: every folder 0700, every file 0600', async () => {
    await alice.ask(bot.room, '!user add kept');
    await alice.ask(bot.room, '!nonsense');
    const data = dirname(bot.file('state.sqlite'));
    const names = ['', ...readdirSync(data, { recursive: true, encoding: 'utf8' })];
    expect(names.length).toBeGreaterThan(5);
    const wrong = names.filter((name) => {
      const found = lstatSync(join(data, name));
      return (found.mode & 0o777) !== (found.isDirectory() ? 0o700 : 0o600);
    });
    expect(wrong).toEqual([]);
    expect(lstatSync(dirname(socketOf('owner'))).mode & 0o777).toBe(0o700);
    expect(lstatSync(socketOf('owner')).mode & 0o777).toBe(0o600);
  });
});

describe.runIf(process.getuid?.() === 0)('[#11] another user of the machine (needs root)', () => {
  test('without a group: reaches no socket, and urtc says so', async () => {
    for (const rank of ['owner', 'admin', 'operator', 'viewer']) {
      expect(await asNobody(rank, request(['version']))).toBe('EACCES\n');
    }
  });

  test('of the group of a role: that role and no more, whatever he claims', async () => {
    await bot.term();
    const settings = { terminal: { socketDir, groups: { viewer: itsGroup } } };
    await bot.start({ settings });
    expect(await asNobody('owner', request(['version']))).toBe('EACCES\n');
    expect(await asNobody('viewer', request(['version']))).toContain('"outcome":"ok"');
    for (const words of [
      ['user', 'add', 'smuggled'],
      ['user', 'deactivate', 'kept'],
      ['secret', 'show', 'AAAA-AAAA'],
      ['audit'],
      ['config', 'show'],
    ]) {
      const said = await asNobody('viewer', request(words, { rank: 'owner', role: 'admin' }));
      expect(said).toContain('E_ROLE_TOO_LOW');
    }
    expect(await accountOf(lab, 'smuggled')).toBeUndefined();
    const { stdout } = await urtc(['audit', '--json', '--config', bot.process.configFile]);
    // He claimed to be root; the role that is recorded is that of his socket.
    expect(stdout).toContain('viewer');
  });
});

describe('[#11] what is said on the socket', () => {
  test.each([
    ['no JSON', 'GET / HTTP/1.1\r\n\r\n'],
    ['binary', Buffer.from([0, 255, 254, 10, 1, 2, 3, 10])],
    ['a number', '5\n'],
    ['null', 'null\n'],
    ['too deep', `${'['.repeat(60_000)}\n`],
    ['another protocol', `${request(['version'], { protocol: 99 })}\n`],
    ['words that are none', `${request([], { words: [1, {}, null] })}\n`],
    ['a confirmation before a request', '{"type":"confirm","code":"A2B3"}\n'],
    ['__proto__', '{"__proto__":{"type":"request"},"type":"nothing"}\n'],
    ['a line without end', 'x'.repeat(200_000)],
    ['two requests', `${request(['version'])}\n${request(['version'])}\n`],
  ])('%s: this one connection ends, with a code', async (what, bytes) => {
    const said = await say(bytes);
    if (what === 'two requests') expect(said).toMatch(/E_TERMINAL_PROTOCOL|"type":"finish"/);
    else expect(said).toContain('E_TERMINAL_PROTOCOL');
    expect((await alice.ask(bot.room, '!version')).outcome).toBe('ok');
  });

  test('words that would steer a terminal or the log are data', async () => {
    const said = await say(
      `${request(['user', 'show', '\u001b[2J\u202e'], { login: '\u001b[2Jx\n{"a":1}' })}\n`,
    );
    expect(said).toContain('E_PARSE_CHARACTER');
    expect(said).not.toContain('\u001b');
    const { stdout } = await urtc(['audit', '--config', bot.process.configFile]);
    expect(stdout).not.toContain('\u001b');
    expect(bot.process.output()).not.toContain('\u001b');
  });
});
