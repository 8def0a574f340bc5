import { afterAll, beforeAll, expect, test } from 'vitest';
import { PlainClient } from '../../lab/client.ts';
import type { LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import type { RequestRecord } from '../../lab/proxy/request-log.ts';
import { until } from '../../lab/wait.ts';
import { botsOfATest } from './bots-of-a-test.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
/** The same account with a client that encrypts nothing and shows what the home server has. */
let inClear: PlainClient;

beforeAll(async () => {
  lab = await startLab({ name: 'switched-on', encrypted: true });
  alice = lab.person('alice');
  inClear = new PlainClient(lab.synapse.baseUrl, alice.account);
});
afterAll(() => lab.stop());
const bots = botsOfATest(() => lab);

const encryption = { algorithm: 'm.megolm.v1.aes-sha2' };
const switchOn = (room: string): Promise<string> =>
  alice.setState(room, 'm.room.encryption', encryption);

/** A bot that was invited into a room of alice's and not started yet. */
async function invitedBot(room: string): Promise<MetBot> {
  const bot = bots.keep(await MetBot.unborn(lab, { settings: { adminRoom: room } }));
  bot.room = room;
  await alice.invite(room, bot.userId);
  return bot;
}

/** A bot that has answered in a room of alice's without encryption, and has nothing more to say there. */
async function speakingInClear(): Promise<MetBot> {
  const bot = await invitedBot(await inClear.createRoom());
  await bot.start();
  await alice.ask(bot.room, '!version');
  // Said by itself, before or after its first answer.
  await alice.waitFor(bot.room, bot.says('I have made my identity'));
  return bot;
}

/** An answer that the bot can't send: the home server does not get it. Returns its command. */
async function withWaitingAnswer(bot: MetBot): Promise<string> {
  const sends = { method: 'PUT', path: /\/send\// };
  lab.proxy.add({ match: sends, fault: { action: 'dropRequest' } });
  const command = await alice.send(bot.room, '!whoami');
  const isAnswer = ({ fault, body }: RequestRecord): boolean =>
    fault === 'dropRequest' && body.includes(command) && body.includes('"io.urtc.final":true');
  await until(
    'the answer waits',
    () => (lab.proxy.log.all(sends).some(isAnswer) ? true : undefined),
    { timeoutMs: 20_000 },
  );
  return command;
}

/** What the home server got from the bot after the room was encrypted, by kind of event. */
async function writtenSince(bot: MetBot): Promise<LabEvent[]> {
  const events = await inClear.messages(bot.room);
  const start = events.findIndex(({ type }) => type === 'm.room.encryption');
  expect(start).toBeGreaterThan(-1);
  return events.slice(start).filter((event) => event.sender === bot.userId);
}

/** It has spoken since then, and nothing of it in clear. */
async function expectSealed(bot: MetBot): Promise<void> {
  const written = await writtenSince(bot);
  const texts = written.filter(
    ({ type, state_key: key }) => type !== 'm.reaction' && key === undefined,
  );
  expect(texts.length).toBeGreaterThan(0);
  expect(new Set(texts.map(({ type }) => type))).toEqual(new Set(['m.room.encrypted']));
  // State is never encrypted: so there must be no words of an answer in it.
  expect(JSON.stringify(written)).not.toContain('io.urtc.final');
}

test('[#31] a named room that is encrypted is spoken in, and nothing of it in clear', async () => {
  const bot = await invitedBot(await alice.createRoom());
  await bot.start();
  const order = bot.order();
  expect((await alice.ask(bot.room, order.line)).outcome).toBe('ok');
  expect(await bot.runsOf(order)).toBe(1);
  await expectSealed(bot);
});

test('[#31] encryption switched on in the running room: all that follows is encrypted, a command in clear does nothing', async () => {
  const bot = await speakingInClear();
  const { room } = bot;
  const [clear, sealed] = [bot.order(), bot.order()];
  await switchOn(room);
  const since = alice.mark(room);
  const ignored = await inClear.send(room, clear.line);
  await alice.waitFor(room, bot.says('that is not encrypted, in this encrypted room'), { since });
  expect((await alice.ask(room, sealed.line)).outcome).toBe('ok');
  expect(await bot.runsOf(sealed)).toBe(1);
  expect(await bot.runsOf(clear)).toBe(0);
  await bot.kill9();
  await bot.start();
  expect((await alice.ask(room, '!version')).outcome).toBe('ok');
  expect(await bot.runsOf(clear)).toBe(0);
  expect(JSON.stringify(bot.said(alice, since))).not.toContain(ignored);
  await expectSealed(bot);
});

test('[#31] encryption switched on in one batch with commands, and while an answer waits: only encrypted words come', async () => {
  const bot = await speakingInClear();
  const { room } = bot;
  const waiting = await withWaitingAnswer(bot);
  lab.proxy.block();
  const [before, after, sealed] = [bot.order(), bot.order(), bot.order()];
  await inClear.send(room, before.line);
  await switchOn(room);
  await inClear.send(room, after.line);
  const command = await alice.send(room, sealed.line);
  lab.proxy.clear();
  // What it sends goes through at once, what it reads only later.
  lab.proxy.add({ match: { path: /\/sync$/ }, fault: { action: 'delay', ms: 3000 }, times: 1 });
  lab.proxy.unblock();
  expect((await alice.answerTo(room, waiting)).event.encryption?.wasEncrypted).toBe(true);
  expect((await alice.answerTo(room, command)).outcome).toBe('ok');
  await alice.waitFor(room, bot.says('that is not encrypted, in this encrypted room'));
  expect(await bot.runsOf(sealed)).toBe(1);
  // When it reads the first one it knows already that this room is encrypted.
  expect([await bot.runsOf(before), await bot.runsOf(after)]).toEqual([0, 0]);
  await expectSealed(bot);
});

test('[#31] encryption switched on while the bot is away and an answer waits: it comes encrypted', async () => {
  const bot = await speakingInClear();
  const { room } = bot;
  const waiting = await withWaitingAnswer(bot);
  await bot.kill9();
  lab.proxy.clear();
  await switchOn(room);
  const missed = bot.order();
  const command = await alice.send(room, missed.line);
  await bot.start();
  expect((await alice.answerTo(room, waiting)).event.encryption?.wasEncrypted).toBe(true);
  expect((await alice.answerTo(room, command)).outcome).toBe('ok');
  expect(await bot.runsOf(missed)).toBe(1);
  await expectSealed(bot);
});

test('[#31] the upgrade of an encrypted room to one in clear is not followed, and the log says so', async () => {
  const bot = await invitedBot(await alice.createRoom());
  const { room } = bot;
  await bot.start();
  await alice.ask(room, '!version');
  const next = await inClear.createRoom({
    invite: [bot.userId],
    more: { creation_content: { predecessor: { room_id: room } } },
  });
  await alice.setState(room, 'm.room.tombstone', { body: 'moved', replacement_room: next });
  await alice.waitFor(next, ({ state_key: key, content }) => {
    return key === bot.userId && content['membership'] === 'leave';
  });
  expect(bot.process.output()).toContain('"isSafe":false');
  expect((await alice.ask(room, '!version')).outcome).toBe('ok');
});

test('[#31] the upgrade of a room in clear to an encrypted one is followed', async () => {
  const bot = await speakingInClear();
  const next = await alice.createRoom({
    invite: [bot.userId],
    more: { creation_content: { predecessor: { room_id: bot.room } } },
  });
  await alice.setState(bot.room, 'm.room.tombstone', { body: 'moved', replacement_room: next });
  await alice.waitFor(next, bot.says('I followed the upgrade'));
  const order = bot.order();
  expect((await alice.ask(next, order.line)).outcome).toBe('ok');
  expect(await bot.runsOf(order)).toBe(1);
});
