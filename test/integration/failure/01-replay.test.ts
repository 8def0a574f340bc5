import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { soakCount } from '../../lab/count.ts';
import { bodyOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { login } from '../../lab/synapse/accounts.ts';
import { finalCount } from './finals.ts';
import { MetBot, type Order } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bot: MetBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'replay' });
  alice = lab.person('alice');
  bot = await MetBot.meet(lab);
  room = bot.room;
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(() => lab.stop());

/** An order that was carried out and answered. */
async function carriedOut(): Promise<{ order: Order; command: string }> {
  const order = bot.order();
  const answer = await alice.ask(room, order.line);
  expect(answer.outcome).toBe('ok');
  expect(await bot.runsOf(order)).toBe(1);
  return { order, command: answer.commandId };
}

/** Nothing more comes of these: what they did and what was said of them is what it was. */
async function expectOnce(...done: readonly { order: Order; command: string }[]): Promise<void> {
  await alice.ask(room, '!version');
  for (const { order, command } of done) {
    expect(await bot.runsOf(order)).toBe(1);
    expect(await finalCount(alice, room, command)).toBe(1);
  }
}

/** An order that is given while the bot is away. */
async function given(): Promise<{ order: Order; command: string }> {
  const order = bot.order();
  return { order, command: await alice.send(room, order.line) };
}

const page = z.looseObject({ chunk: z.array(z.unknown()) });

/** A page of history with so many more messages that somebody has sent since. */
const withTalk = (sender: string, messages: number) => (answer: unknown) => {
  const { chunk, ...rest } = page.parse(answer);
  // A page of one: the bot looks whether its past is still the same.
  if (chunk.length < 2) return answer;
  const talked = Array.from({ length: messages }, (_, i) => ({
    ...{ event_id: `$talk${i}`, sender, type: 'm.room.message', origin_server_ts: Date.now() },
    content: { msgtype: 'm.text', body: 'talk' },
  }));
  return { ...rest, chunk: [...talked, ...chunk] };
};

/** Talk, ten at a time. */
async function talk(messages: number): Promise<void> {
  for (let sent = 0; sent < messages; sent += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, i) => alice.send(room, `talk ${sent + i}`)));
  }
}

test.each(['term', 'kill9'] as const)(
  '[#1] the sync position lost after %s: what was carried out is not carried out again, what was missed is',
  async (end) => {
    const before = await carriedOut();
    await bot[end]();
    bot.losePosition();
    const missed = await given();
    await bot.start();
    await alice.answerTo(room, missed.command);
    await expectOnce(before, missed);
  },
);

test('[#2] another config, then the token of another device, which is refused: nothing runs again, nothing is missed', async () => {
  const before = await carriedOut();
  await bot.term();
  const missed = await given();
  await bot.start({
    people: [
      { user: alice.userId, role: 'admin' },
      { user: '@new:lab.test', role: 'viewer' },
    ],
    settings: {
      language: 'zh',
      staleAfterSeconds: 60,
      roles: { 'token create': 'admin' },
      homeserver: { url: lab.synapse.baseUrl },
    },
  });
  await alice.answerTo(room, missed.command);
  await expectOnce(before, missed);
  await bot.term();
  const later = await given();
  const { localpart, password } = bot.account;
  // Keys and token are one unit: a new device is for `urtc bot recover`.
  const account = await login(lab.synapse.baseUrl, localpart, password);
  await bot.start({ account, waitReady: false });
  expect(await bot.process.exited).toEqual({ code: 78, signal: null });
  expect(bot.process.output()).toContain('E_CRYPTO_OTHER_DEVICE');
  await bot.start();
  await alice.answerTo(room, later.command);
  await expectOnce(before, missed, later);
});

test('[#3] 80 messages while the bot is away, the command as the first: it is carried out once', async () => {
  const before = await carriedOut();
  await bot.term();
  const missed = await given();
  await talk(80);
  const since = alice.mark(room);
  await bot.start();
  expect((await alice.answerTo(room, missed.command)).outcome).toBe('ok');
  await expectOnce(before, missed);
  expect(bot.said(alice, since).filter(bot.says('A lot was said'))).toEqual([]);
});

test('[#3] soak: more was said than is read: the room is told, and only what was read is carried out', async () => {
  await bot.term();
  const skipped = await given();
  const real = soakCount(
    2100,
    'messages behind which a command is given up (the rest by the proxy)',
  );
  await talk(real);
  const padding = lab.proxy.add({
    match: { path: /\/messages$/ },
    fault: { action: 'rewriteJson', change: withTalk(alice.userId, 2100 - real) },
  });
  const read = await given();
  const since = alice.mark(room);
  await bot.start();
  await alice.answerTo(room, read.command);
  const told = await alice.waitFor(room, bot.says('A lot was said while I was away'), { since });
  expect(bodyOf(told)).toMatch(/newest 2,\d{3} events.*send it again/s);
  padding.remove();
  await bot.kill9();
  await bot.start();
  await expectOnce(read);
  expect(await bot.runsOf(skipped.order)).toBe(0);
  expect(await finalCount(alice, room, skipped.command)).toBe(0);
  expect(bot.said(alice, since).filter(bot.says('A lot was said'))).toHaveLength(1);
});

test.each(['same', 'next'] as const)(
  '[#4] each event comes twice (%s sync): one run',
  async (where) => {
    const rule = lab.proxy.add({ fault: { action: 'duplicateEvents', where } });
    // The poll under way is older than the rule.
    await alice.ask(room, '!version');
    const twice = [await carriedOut(), await carriedOut()];
    await expectOnce(...twice);
    expect(rule.hits).toBeGreaterThan(2);
  },
);
