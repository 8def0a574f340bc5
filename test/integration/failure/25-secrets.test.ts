import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commands } from '../../../src/commands/nouns/index.ts';
import { isFinal, type Answer } from '../../lab/answer.ts';
import { repliesTo } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { messageSends } from '../../lab/message-sends.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { callMany } from '../product/many-calls.ts';
import { codeOf, isQuestion } from './asked.ts';
import { EchoingServer } from './echoing-server.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bot: MetBot;
let room: string;
let echo: EchoingServer;
/** All that was printed on terminals. */
const printed: string[] = [];

beforeAll(async () => {
  lab = await startLab({ name: 'canaries' });
  alice = lab.person('alice');
  echo = new EchoingServer(lab.synapse.baseUrl);
  const admin = { accessToken: { file: 'secrets/admin-token' }, url: await echo.start() };
  bot = await MetBot.meet(lab, { settings: { admin, log: { level: 'debug' } } });
  room = bot.room;
});
afterAll(async () => {
  await lab.stop();
  echo.stop();
});

const folder = (): string => dirname(bot.process.configFile);
const run = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await urtc([...args, '--config', bot.process.configFile]);
  printed.push(stdout, stderr);
  return stdout + stderr;
};

const secretFields = z.object({
  new_password: z.string().optional(),
  password: z.string().optional(),
  token: z.string().optional(),
});

/** Everything that must be seen by nobody: what the config holds and what the bot has made. */
function canaries(): Map<string, string> {
  const found = new Map<string, string>();
  const secrets = join(folder(), 'secrets');
  for (const name of readdirSync(secrets)) {
    found.set(name, readFileSync(join(secrets, name), 'utf8').trim());
  }
  for (const [i, body] of echo.bodies.entries()) {
    const parsed = secretFields.safeParse(body === '' ? {} : JSON.parse(body));
    for (const [name, value] of Object.entries(parsed.data ?? {})) {
      if (value !== undefined) found.set(`${name} ${i}`, value);
    }
  }
  return found;
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}

/** Every event as the home server keeps it. */
function eventsOfServer(): string {
  const database = new DatabaseSync(join(lab.synapse.folder, 'homeserver.db'), { readOnly: true });
  try {
    const rows = database.prepare('SELECT json FROM event_json').all();
    return rows.map((row) => String(row['json'])).join('\n');
  } finally {
    database.close();
  }
}

/** Gives a command, says yes where it asks, and returns the final answer. */
async function push(line: string): Promise<Answer> {
  const since = alice.mark(room);
  const command = await alice.send(room, line);
  const first = await alice.waitFor(
    room,
    (event) => repliesTo(event) === command && (isFinal(event) || isQuestion(event)),
    { since, timeoutMs: 60_000 },
  );
  if (isQuestion(first)) await alice.send(room, codeOf(first), { reply: first.event_id });
  return alice.answerTo(room, command, { since, timeoutMs: 60_000 });
}

/** Where something could have been left behind. */
async function places(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  found.set('room', JSON.stringify(await alice.messages(room)));
  found.set('events of the home server', eventsOfServer());
  found.set('log', bot.process.output());
  for (const page of ['/metrics', '/readyz', '/livez']) {
    found.set(page, await bot.process.page(page));
  }
  const tables = [
    ['audit', '--limit=500'],
    ['jobs', '--all'],
    ['config', 'show'],
  ];
  const texts = await Promise.all(tables.map((args) => run(...args, '--json')));
  for (const [i, text] of texts.entries()) found.set(String(tables[i]), text);
  found.set('terminals', printed.join('\n'));
  for (const file of filesIn(join(folder(), 'data'))) {
    found.set(file, readFileSync(file, 'latin1'));
  }
  const { pid } = bot.process;
  for (const name of ['cmdline', 'environ']) {
    found.set(name, readFileSync(`/proc/${pid}/${name}`, 'latin1'));
  }
  return found;
}

async function expectNowhere(secrets: ReadonlyMap<string, string>): Promise<void> {
  const where = await places();
  for (const [name, secret] of secrets) {
    expect(secret.length, name).toBeGreaterThan(8);
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    const seen = [...where].filter(([, text]) => forms.some((form) => text.includes(form)));
    expect(
      seen.map(([place]) => place),
      `${name} is nowhere`,
    ).toEqual([]);
  }
}

test('[#25] pushed through every command, on every answer of an admin API that repeats the request', async () => {
  // An admin of the bot's can't be acted on: the examples' alice is somebody else here.
  const linesOf = (isRead: boolean): string[] =>
    commands
      .filter(({ effect }) => (effect === 'read') === isRead)
      .flatMap(({ examples }) => examples.map((example) => `!${example}`))
      .map((line) => line.replace(/\balice\b/g, 'example-alice'))
      .filter((line) => !/^!(language|cancel|config reload|user deactivate)/.test(line));
  const reads = linesOf(true);
  const changes = [...linesOf(false), '!user lock example-bob', '!user password example-bob'];
  for (const name of ['alice', 'bob']) await alice.ask(room, `!user add example-${name}`);
  const answers = [
    { status: 400 },
    { status: 403 },
    { status: 500 },
    { status: 200, body: '{"token": 5}' },
  ];
  // No others ask the admin API; with one of its answers they are all pushed, all the same.
  const asking = changes.filter((line) => /^!(user|token) /.test(line));
  expect(asking.length).toBeGreaterThan(12);
  const said: string[] = [];
  for (const answer of answers) {
    echo.answer = answer;
    const here = answer === answers[0] ? [...reads, ...changes] : asking;
    const done = await Promise.all(here.map(push));
    said.push(...done.map(({ body }) => body));
  }
  echo.answer = null;
  expect(said.filter((body) => body.includes('E_ADMIN_API_ANSWER')).length).toBeGreaterThan(10);
  // The words of the home server are passed on, without what must not be.
  expect(said.some((body) => body.includes('[secret]'))).toBe(true);
  for (const id of new Set(said.flatMap((body) => body.match(/\be[a-z0-9]{8}\b/g) ?? []))) {
    await alice.ask(room, `!error ${id}`);
  }
  const secrets = canaries();
  expect(secrets.size).toBeGreaterThan(10);
  await expectNowhere(secrets);
}, 240_000);

test('[#25] typed by somebody who should not have: not in the log, the audit or the store', async () => {
  const slip = 'hunter2-hunter2-hunter2';
  for (const line of [
    `!user password example-alice ${slip}`,
    `!user add x --password=${slip}`,
    `!secret show ${slip}`,
    `!${slip}`,
    `!user passwort example-alice ${slip}`,
  ]) {
    await alice.ask(room, line);
  }
  // While it runs, the database and its log hold answers that point at a word until they are sent.
  const before = [...(await places())].filter(([place]) => !place.includes('state.sqlite'));
  await bot.term();
  const files = filesIn(join(lab.folder, bot.name, 'data'));
  const after = files.map((file): [string, string] => [file, readFileSync(file, 'latin1')]);
  await bot.start();
  const found = [...before, ...after]
    .filter(([, text]) => text.includes(slip))
    .map(([place]) => place);
  // Encrypted it is with the home server, too.
  expect(found).toEqual(lab.isEncrypted ? ['room'] : ['room', 'events of the home server']);
});

test('[#25] a refusal of the home server on the room side repeats nothing of ours', async () => {
  const token = bot.account.accessToken;
  const words = { errcode: `M_${token}`, error: `no: Authorization: Bearer ${token}` };
  const fault = { action: 'status', status: 400, body: words } as const;
  let apology = '';
  // A status message may be in front of the answer; nobody is told when that one is refused.
  for (let tries = 0; tries < 10 && !apology.includes('could not be sent'); tries += 1) {
    lab.proxy.add({ match: messageSends, fault, times: 1 });
    apology = (await alice.ask(room, '!whoami')).body;
  }
  expect(apology).toContain('could not be sent');
  expect(apology).toContain('[secret]');
  await expectNowhere(new Map([['chat token', token]]));
});

describe('[#25] a config that is wrong', () => {
  const canary = 'syt_Y2FuYXJ5_thisIsACanaryNobodySees';

  test('says where and why, never what stands there', async () => {
    const { configFile } = await lab.configureBot({ name: 'wrong', account: bot.account });
    const right = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync(configFile, 'utf8')));
    const wrong = [
      { ...right, bot: { user: '@urtc:lab.test', accessToken: canary } },
      { ...right, bot: { user: canary, accessToken: { file: 'secrets/bot-token' } } },
      { ...right, admin: { accessToken: { file: 'secrets/admin-token', value: canary } } },
      { ...right, key: { env: canary.replaceAll('-', '_'), file: canary } },
      { ...right, homeserver: { url: `http://bot:${canary}@127.0.0.1:1` } },
      { ...right, people: [{ user: '@a:lab.test', role: canary }] },
      { ...right, language: canary },
      { ...right, roles: { 'user add': canary } },
      { ...right, log: { level: canary } },
      { ...right, http: { host: '127.0.0.1', port: canary } },
    ];
    const texts = [
      ...wrong.map((each) => JSON.stringify(each, null, 2)),
      `key: "${canary}\nbot: [`,
      `key: ${canary}: ${canary}`,
    ];
    const files = texts.map((_, i) => join(dirname(configFile), `wrong-${i}.yaml`));
    for (const [i, text] of texts.entries()) writeFileSync(files[i] ?? '', text);
    const checks = files.map((file) => ['config', 'check', '--config', file]);
    const started = await urtc(['bot', '--config', files[0] ?? '']);
    for (const { code, stdout, stderr } of [...(await callMany(checks, lab.folder)), started]) {
      expect(code).not.toBe(0);
      expect(stdout + stderr).toMatch(/E_CONFIG_|E_SECRET_/);
      expect(stdout + stderr).not.toContain(canary);
    }
    writeFileSync(configFile, JSON.stringify(right));
    const secret = join(dirname(configFile), 'secrets/bot-token');
    for (const [content, mode] of [
      [`${canary}\n${canary}\n`, 0o600],
      [`${canary}\n`, 0o644],
      [`${canary}\n`.repeat(1000), 0o600],
    ] as const) {
      writeFileSync(secret, content);
      chmodSync(secret, mode);
      const { stdout, stderr } = await urtc(['bot', '--config', configFile]);
      expect(stdout + stderr).toContain('E_SECRET_');
      expect(stdout + stderr).not.toContain(canary);
    }
    const key = join(dirname(configFile), 'secrets/master-key');
    writeFileSync(secret, `${canary}\n`, { mode: 0o600 });
    chmodSync(secret, 0o600);
    writeFileSync(key, `${canary}\n`);
    const short = await urtc(['bot', '--config', configFile]);
    expect(short.stdout + short.stderr).toContain('E_SECRET_UNREADABLE');
    expect(short.stdout + short.stderr).not.toContain(canary);
  }, 120_000);
});

test('[#25] what was made is shown once, to root on the server, and then nowhere', async () => {
  const { body } = await alice.ask(room, '!user add once');
  const code = /secret show ([A-Z0-9-]+)/.exec(body)?.[1] ?? 'no code';
  const password = secretFields.parse(JSON.parse(echo.bodies.at(-1) ?? '{}')).new_password ?? '';
  expect(password).toMatch(/^[a-z0-9]{5}(-[a-z0-9]{5}){3}$/);
  await expectNowhere(new Map([['password', password]]));
  const config = ['--config', bot.process.configFile];
  const first = await urtc(['secret', 'show', code, ...config]);
  expect(first.stdout).toContain(password);
  const second = await urtc(['secret', 'show', code, ...config]);
  expect(second.code).toBe(64);
  expect(second.stdout + second.stderr).toContain('E_SECRET_CODE_UNKNOWN');
  await expectNowhere(new Map([['password', password]]));
});
