import { join, dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import type { Fault } from '../../lab/proxy/rules.ts';
import { tokenCount } from './accounts.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;
let alice: Person;

beforeAll(async () => {
  lab = await startLab({ name: 'inside' });
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(() => lab.stop());

/** Damages the store behind the running bot's back: something that no command is made for. */
const damage = (sql: string): void => {
  const store = new DatabaseSync(join(dirname(bot.configFile), 'data', 'state.sqlite'));
  try {
    store.exec(`PRAGMA busy_timeout = 5000; ${sql}`);
  } finally {
    store.close();
  }
};

const errorIdIn = (body: string): string => /\(error (e[a-z0-9]+)\)/.exec(body)?.[1] ?? '';

const looking = { method: 'GET', path: /^\/_synapse\/admin\/v2\/users\/%40alice/ };

const garbage: readonly (readonly [string, Fault, string])[] = [
  ['no JSON of the kind', { action: 'status', status: 200, body: '<html>' }, 'E_ADMIN_API_ANSWER'],
  ['wrong types', { action: 'rewriteJson', change: () => ({ name: 7 }) }, 'E_ADMIN_API_ANSWER'],
  ['half an answer', { action: 'cutMidBody' }, 'E_ADMIN_API_UNREACHABLE'],
  ['500', { action: 'status', status: 500, body: {} }, 'E_ADMIN_API_ANSWER'],
];

it.each(garbage)(
  '[#29] garbage from the admin API, %s: ❌ with a code, and it lives',
  async (_what, fault, code) => {
    lab.proxy.add({ match: looking, fault });
    const answer = await alice.ask(room, '!user show alice');
    expect(answer).toMatchObject({ outcome: 'failed' });
    expect(answer.body).toMatch(/^❌/);
    expect(answer.body).toContain(code);
    lab.proxy.clear();
    expect((await alice.ask(room, '!user show alice')).outcome).toBe('ok');
  },
);

it('[#29] a moment that no calendar has: the answer comes, and it lives', async () => {
  const change = (answer: unknown): unknown => ({
    ...z.looseObject({}).parse(answer),
    creation_ts: 1e300,
  });
  lab.proxy.add({ match: looking, fault: { action: 'rewriteJson', change } });
  const answer = await alice.ask(room, '!user show alice');
  expect(answer.body).toContain('alice');
  lab.proxy.clear();
  expect((await alice.ask(room, '!user show alice')).outcome).toBe('ok');
});

it('[#29] a read that fails inside after its first await: ❌ with an error id; `!error` shows it', async () => {
  damage('ALTER TABLE token_notes RENAME TO hidden_notes');
  await lab.admin.request({
    method: 'POST',
    path: '/_synapse/admin/v1/registration_tokens/new',
    body: {},
  });
  const answer = await alice.ask(room, '!token list');
  expect(answer.outcome).toBe('failed');
  expect(answer.body).toMatch(/^❌ Failed: Something went wrong inside urtc/);
  const shown = await alice.ask(room, `!error ${errorIdIn(answer.body)}`);
  expect(shown.outcome).toBe('ok');
  expect(shown.body).toContain('no such table: token_notes');
  expect(shown.body).toContain('token list');
  damage('ALTER TABLE hidden_notes RENAME TO token_notes');
  expect((await alice.ask(room, '!token list')).outcome).toBe('ok');
});

it('[#29] [P186] a step that fails inside: ❌ says what was done; the kept error holds no secret', async () => {
  const secret = lab.botAdmin.accessToken;
  damage(`CREATE TRIGGER broken BEFORE INSERT ON token_notes
            BEGIN SELECT RAISE(ABORT, 'broken near ${secret} and ${lab.botAccount.accessToken}'); END`);
  const before = await tokenCount(lab);
  const answer = await alice.ask(room, '!token create --note=hello');
  expect(answer.outcome).toBe('failed');
  expect(answer.body).toMatch(/^❌/);
  expect(await tokenCount(lab)).toBe(before + 1);
  expect(answer.body).toMatch(/Done: .*register/);
  const shown = await alice.ask(room, `!error ${errorIdIn(answer.body)}`);
  expect(shown.body).toContain('broken near');
  expect(shown.body).not.toContain(secret);
  damage('DROP TRIGGER broken');
  expect((await alice.ask(room, '!token create --note=hello')).outcome).toBe('ok');
  const everything = JSON.stringify(await alice.messages(room)) + bot.output();
  expect(everything).not.toContain(secret);
  expect(everything).not.toContain(lab.botAccount.accessToken);
  expect(bot.output()).not.toContain('a defect ends the bot');
  expect(await bot.term()).toEqual({ code: 0, signal: null });
});
