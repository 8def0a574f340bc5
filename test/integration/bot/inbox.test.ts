import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PlainClient } from '../../lab/client.ts';
import { bodyOf, repliesTo } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { answersIn, EchoBot, meetBot } from './echo-bot.ts';

let lab: Lab;
let alice: Person;
let mallory: Person;
let bot: EchoBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'inbox', people: ['alice', 'mallory'] });
  alice = lab.person('alice');
  mallory = lab.person('mallory');
});
beforeEach(async () => {
  ({ bot, room } = await meetBot(lab));
});
afterEach(async () => {
  await bot.stop();
  lab.proxy.clear();
  await lab.synapse.setClock(0);
});
afterAll(() => lab.stop());

const answers = (): Promise<string[]> => answersIn(lab, room, bot);

test('[#7] notices, emotes and files with a command in them: silence', async () => {
  for (const msgtype of ['m.notice', 'm.emote', 'm.file', 'x.unknown']) {
    await alice.send(room, `!${msgtype}`, { msgtype });
  }
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!last']);
});

test('[#7] the own account with another device: silence', async () => {
  bot.people.set(bot.self, 'admin');
  await new PlainClient(lab.synapse.baseUrl, bot.account).send(room, '!own');
  await alice.ask(room, '!last');
  expect(bot.bodies).toEqual(['!first', '!last']);
});

test('[#7] two bots that face each other and trust each other: no growth', async () => {
  const account = await register(lab.synapse.baseUrl, { localpart: 'twin' });
  const twin = new EchoBot({
    ...{ lab, account, name: 'twin', adminRoom: room },
    people: [
      [alice.userId, 'admin'],
      [bot.self, 'admin'],
    ],
  });
  bot.people.set(twin.self, 'admin');
  await alice.invite(room, twin.self);
  await twin.start();
  try {
    for (const line of ['!one', '!two']) {
      const asked = await alice.send(room, line);
      for (const who of [bot.self, twin.self]) {
        await alice.waitFor(room, (event) => event.sender === who && repliesTo(event) === asked);
      }
    }
    expect(twin.bodies).toEqual(['!one', '!two']);
    expect(bot.bodies).toEqual(['!first', '!one', '!two']);
  } finally {
    await twin.stop();
  }
});

test('[#8] edits never execute', async () => {
  const hi = await alice.send(room, 'hi');
  await alice.edit(room, hi, '!edited in');
  const typo = await alice.send(room, '!typo');
  await alice.edit(room, typo, '!mended');
  await alice.send(room, '!half an edit', {
    content: { 'm.new_content': { msgtype: 'm.text', body: '!x' } },
  });
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!typo', '!last']);
});

test('[#9] of a reply that quotes a command only the new text counts', async () => {
  const first = await alice.send(room, 'look');
  const quote = (own: string): string => `> <@anna:lab.test> !user remove bob\n\n${own}`;
  await alice.send(room, quote('really?'), { reply: first });
  await alice.ask(room, quote('!help'), { reply: first });
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!help', '!last']);
});

test('[#14] a stranger gets no echo, and is told of once', async () => {
  const since = alice.mark(room);
  await alice.invite(room, mallory.userId);
  await mallory.join(room);
  await mallory.send(room, 'just talking');
  await mallory.send(room, '!user add eve');
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!last']);
  expect(bot.strangers.map(({ sender, body }) => [sender, body])).toEqual([
    [mallory.userId, '!user add eve'],
  ]);
  expect(bot.logged('a stranger gave a command')).toHaveLength(1);
  const warning = await alice.waitFor(
    room,
    (event) => event.sender === bot.self && bodyOf(event).includes('not on the list of people'),
    { since },
  );
  expect(bodyOf(warning)).toContain(mallory.userId);
});

test('[#30] keys that reach prototypes and wrong types everywhere are dropped and counted', async () => {
  const wrong: unknown[] = [
    null,
    'text',
    42,
    [],
    {},
    { event_id: 7, sender: [], type: {} },
    { event_id: '$x', sender: 'nobody', type: 'm.room.message', content: { body: '!x' } },
    {
      event_id: '$wrong1',
      sender: alice.userId,
      type: 'm.room.message',
      origin_server_ts: 'today',
      unsigned: { age: 'old' },
      content: { msgtype: ['m.text'], body: { text: '!wrong' } },
    },
    {
      event_id: '$wrong2',
      sender: alice.userId,
      type: 'm.room.message',
      content: 'm.text',
      unsigned: [],
    },
    {
      event_id: '$wrong3',
      sender: alice.userId,
      type: 'm.reaction',
      content: { 'm.relates_to': 3 },
    },
    {
      event_id: '$wrong4',
      sender: alice.userId,
      type: 'm.room.redaction',
      content: { redacts: {} },
    },
  ];
  // In brackets it is a key like any other.
  const evil = {
    ...{ msgtype: 'm.text', body: '!proto', ['__proto__']: { polluted: true } },
    constructor: { prototype: { polluted: true } },
  };
  lab.proxy.add({
    times: 1,
    match: { path: /\/sync$/ },
    fault: {
      action: 'rewriteSync',
      change: (answer) => ({
        ...answer,
        rooms: { join: { [room]: { timeline: { events: wrong } } } },
      }),
    },
  });
  // The long poll that is under way may have begun before the rule; and what comes with the answer
  // that is changed is lost: so the good one is sent when the bad ones were there.
  await until(
    'the broken events',
    async () => {
      if (bot.chat.counts.dropped >= 7) return true;
      await alice.send(room, 'poke');
      return undefined;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
  await alice.putEvent(room, 'm.room.message', evil);
  await alice.waitFor(room, (event) => bodyOf(event) === 'ran !proto');
  expect(bot.chat.counts).toMatchObject({ dropped: 7, malformed: 4 });
  expect({}).not.toHaveProperty('polluted');
  await alice.ask(room, '!last');
  expect(bot.bodies).toEqual(['!first', '!proto', '!last']);
});

test.each([10, -10])(
  '[#34] a home server whose clock is %i min off: commands run once',
  async (minutes) => {
    await lab.synapse.setClock(minutes * 60_000);
    await alice.ask(room, '!live');
    await bot.stop();
    const missed = await alice.send(room, '!missed');
    await bot.start();
    await alice.answerTo(room, missed);
    expect(bot.bodies).toEqual(['!first', '!live', '!missed']);
    for (const { input } of bot.ran) expect(input.ageMs).toBeLessThan(60_000);
  },
);

test('reactions to what we said and redactions of it are inputs, others are not', async () => {
  const answer = await alice.ask(room, '!ask');
  const other = await alice.send(room, 'talk');
  await alice.react(room, other, '❌');
  await alice.react(room, answer.event.event_id, '❌');
  await alice.redact(room, other);
  await alice.ask(room, '!last');
  const inputs = bot.ran.map(({ input }) => input.input);
  expect(inputs.filter(({ kind }) => kind !== 'message')).toEqual([
    { kind: 'reaction', key: '❌', target: answer.event.event_id },
  ]);
});

test('an answer stands in the thread in which it was asked', async () => {
  const root = await alice.send(room, 'a topic');
  const answer = await alice.ask(room, '!in a thread', { thread: root });
  expect(answer.event.content['m.relates_to']).toEqual({
    rel_type: 'm.thread',
    event_id: root,
    is_falling_back: true,
    'm.in_reply_to': { event_id: answer.commandId },
  });
});
