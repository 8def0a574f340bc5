import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyOf, relationOf, repliesTo, type LabEvent } from '../../lab/event.ts';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { GoPerson } from '../../lab/encrypted/go-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { codeOf, isQuestion } from '../failure/asked.ts';
import { MetBot } from '../failure/met-bot.ts';
import { HeldKeys } from './held-keys.ts';

let lab: Lab;
let bot: MetBot;
let room: string;
/** On the SDK of Element, whose rule it is to deal with signed devices alone. */
let alice: EncryptedPerson;
/** On an implementation that shares no code with it, with the same rule. */
let gero: GoPerson;
const more: Person[] = [];

beforeAll(async () => {
  lab = await startLab({ name: 'sealed-room', people: [] });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  gero = await GoPerson.start(baseUrl, await register(baseUrl, { localpart: 'gero' }));
  const people = [alice, gero].map(({ userId: user }) => ({ user, role: 'admin' as const }));
  bot = await MetBot.meet(lab, { people, entering: [alice, gero] });
  room = bot.room;
});
afterAll(async () => {
  await Promise.all([alice, gero, ...more].map((person) => person.stop()));
  await lab.stop();
});

const notice = (words: RegExp) => (event: LabEvent) =>
  event.sender === bot.userId && words.test(bodyOf(event));

/** Everything that was sent before this is dealt with. */
const settled = (): Promise<unknown> => alice.ask(room, '!version');

test('[#32] both persons, who deal with signed devices alone, command the bot and read its answers', async () => {
  expect(await alice.state(room, 'm.room.encryption')).toMatchObject({
    algorithm: 'm.megolm.v1.aes-sha2',
    rotation_period_ms: 604_800_000,
  });
  for (const person of [alice, gero]) {
    const order = bot.order();
    const answer = await person.ask(room, order.line);
    expect(answer.outcome).toBe('ok');
    expect(answer.event.encryption).toMatchObject({ wasEncrypted: true, verdict: 'trusted' });
    expect(await bot.runsOf(order)).toBe(1);
    const said = await Promise.all(
      [answer.event.event_id, answer.commandId].map((id) => person.rawEvent(room, id)),
    );
    expect(said.map(({ type }) => type)).toEqual(['m.room.encrypted', 'm.room.encrypted']);
  }
});

test('[#16] a question is answered by a sealed code; a forged code or ✅ in clear does nothing', async () => {
  await register(lab.synapse.baseUrl, { localpart: 'victim' });
  const since = alice.mark(room);
  const command = await alice.send(room, '!user deactivate victim');
  const prompt = await alice.waitFor(
    room,
    (event) => isQuestion(event) && repliesTo(event) === command,
    { since },
  );
  await alice.react(room, prompt.event_id, '✅');
  await alice.forge(room, 'm.room.message', {
    ...{ msgtype: 'm.text', body: codeOf(prompt) },
    'm.relates_to': { 'm.in_reply_to': { event_id: prompt.event_id } },
  });
  await settled();
  expect((await alice.ask(room, '!jobs')).body).toContain('deactivate');
  await alice.send(room, codeOf(prompt), { reply: prompt.event_id });
  expect((await alice.answerTo(room, command, { since })).outcome).toBe('ok');
});

test('a command in clear does nothing, and the room is told', async () => {
  const order = bot.order();
  const since = alice.mark(room);
  await alice.forge(room, 'm.room.message', { msgtype: 'm.text', body: order.line });
  await settled();
  expect(await bot.runsOf(order)).toBe(0);
  expect(alice.timeline(room).filter(notice(/is not encrypted/)).length).toBe(1);
  expect(since).toBeGreaterThan(0);
});

test('the same ciphertext as another event runs nothing a second time', async () => {
  const order = bot.order();
  const { commandId } = await alice.ask(room, order.line);
  const { content } = await alice.rawEvent(room, commandId);
  for (let i = 0; i < 3; i += 1) await alice.forge(room, 'm.room.encrypted', content);
  await settled();
  expect(await bot.runsOf(order)).toBe(1);
});

test('[#32] a device that its owner has not signed commands nothing and gets no key', async () => {
  const unsigned = await alice.newDevice({ signed: false });
  more.push(unsigned);
  const order = bot.order();
  const since = alice.mark(room);
  await unsigned.send(room, order.line);
  await alice.waitFor(room, notice(/device that is not verified/), { since });
  const { event } = await alice.ask(room, '!whoami');
  expect(await bot.runsOf(order)).toBe(0);
  const seen = await unsigned.sees(room, event.event_id);
  expect(seen.encryption?.verdict).toBe('undecryptable');
});

test('a command whose key comes late is marked once, and runs when it comes', async () => {
  using held = new HeldKeys(lab.proxy);
  await alice.crypto.forceDiscardSession(room);
  const order = bot.order();
  const command = await alice.send(room, order.line);
  await alice.waitFor(
    room,
    (event) =>
      event.type === 'm.reaction' &&
      relationOf(event).key === '🔒' &&
      relationOf(event).event_id === command,
  );
  await alice.waitFor(
    room,
    (event) => repliesTo(event) === command && /key did not reach me/.test(bodyOf(event)),
  );
  expect(await bot.runsOf(order)).toBe(0);
  held.release();
  await alice.react(room, command, '👍');
  const answer = await alice.answerTo(room, command);
  expect(answer.outcome).toBe('ok');
  expect(await bot.runsOf(order)).toBe(1);
  const locks = alice.timeline(room).filter((event) => relationOf(event).key === '🔒');
  expect(locks).toHaveLength(1);
});

test('a command whose key comes after a kill -9 runs once', async () => {
  using held = new HeldKeys(lab.proxy);
  await alice.crypto.forceDiscardSession(room);
  const order = bot.order();
  const command = await alice.send(room, order.line);
  await alice.waitFor(
    room,
    (event) => relationOf(event).key === '🔒' && relationOf(event).event_id === command,
  );
  await bot.kill9();
  await bot.start();
  held.release();
  await alice.react(room, command, '👍');
  const answer = await alice.answerTo(room, command);
  expect(answer.outcome).toBe('ok');
  await settled();
  expect(await bot.runsOf(order)).toBe(1);
});
