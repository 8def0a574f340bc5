import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { Person } from '../../lab/person.ts';
import { register } from '../../lab/synapse/accounts.ts';
import type { Snapshot } from '../../lab/synapse/server.ts';
import { until } from '../../lab/wait.ts';
import { MetBot, type Order } from '../failure/met-bot.ts';
import { finalCount } from '../failure/finals.ts';
import { clearMessages, ratchetsOf, refusedUploads, sentContents } from './sealed-traffic.ts';
import { shownDevices } from './shown-device.ts';

let lab: Lab;
let alice: EncryptedPerson;
let bot: MetBot;
let room: string;
let snapshot: Snapshot;
const phones: EncryptedPerson[] = [];

interface Given {
  readonly order: Order;
  readonly command: string;
}

async function give(by: EncryptedPerson = alice): Promise<Given> {
  const order = bot.order();
  return { order, command: await by.send(room, order.line) };
}

/** Answered with what can be read, and done once. */
async function carryOut({ order, command }: Given, by: EncryptedPerson = alice): Promise<void> {
  const answer = await by.answerTo(room, command, { timeoutMs: 40_000 });
  expect(answer.outcome).toBe('ok');
  expect(answer.event.encryption?.verdict).toBe('trusted');
  expect(await bot.runsOf(order)).toBe(1);
  expect(await finalCount(by, room, command)).toBe(1);
}

beforeAll(async () => {
  lab = await startLab({ name: 'sealed-restored', people: [] });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  bot = await MetBot.meet(lab, {
    people: [{ user: alice.userId, role: 'admin' }],
    entering: [alice],
  });
  room = bot.room;
  await bot.term();
  snapshot = await lab.synapse.snapshot();
  await bot.start();
});
beforeEach(async () => {
  // One-time keys that the restored home server will give out a second time.
  for (let i = 0; i < 2; i += 1) phones.push(await alice.newDevice());
  await Promise.all(phones.slice(-2).map((phone) => phone.ask(room, '!version')));
  await carryOut(await give());
  await until(
    'nothing waits to be sent',
    async () =>
      (await bot.process.page('/metrics')).includes('urtc_outbox_queued 0') ? true : undefined,
    { timeoutMs: 60_000 },
  );
});
afterAll(async () => {
  await Promise.all([alice, ...phones].map((person) => person.stop()));
  await lab.stop();
});

const isTold = (event: LabEvent): boolean => bodyOf(event).includes('gone back in time');

/** The devices that the backup does not know are gone; the person goes on with the first one. */
async function restore(): Promise<void> {
  await Promise.all(phones.splice(0).map((phone) => phone.stop()));
  await lab.synapse.restore(snapshot);
  await alice.lookAgain();
}

async function expectWhole(): Promise<void> {
  await alice.waitFor(room, isTold, { timeoutMs: 40_000 });
  await carryOut(await give());
  // And with a room key of the person's that is handed over anew.
  await alice.crypto.forceDiscardSession(room);
  await carryOut(await give());
  // Each takes a one-time key of the bot's, and the bot one of each.
  for (let i = 0; i < 2; i += 1) {
    const phone = await alice.newDevice();
    phones.push(phone);
    await carryOut(await give(phone), phone);
  }
  const unread = alice
    .timeline(room)
    .filter(
      ({ sender, encryption }) => sender === bot.userId && encryption?.verdict === 'undecryptable',
    );
  expect(unread).toEqual([]);
  const raw = await new Person(alice.baseUrl, alice.account).messages(room);
  const sealed = raw.filter(
    ({ type, sender }) => type === 'm.room.encrypted' && sender === bot.userId,
  );
  const requests = lab.proxy.log.all();
  const contents = [...sealed.map(({ content }) => content), ...sentContents(requests)];
  expect(ratchetsOf(contents).reused).toEqual([]);
  expect(clearMessages(requests)).toEqual([]);
  expect(refusedUploads(requests)).toEqual([]);
  expect(Object.keys(await shownDevices(alice, bot.userId))).toHaveLength(1);
}

test('the home server is restored under a living bot in a sealed room: told, and both go on', async () => {
  await restore();
  await expectWhole();
});

test('it is restored under a bot that is cut off: a sealed command sent meanwhile runs once', async () => {
  lab.proxy.block();
  await restore();
  const missed = await give();
  lab.proxy.unblock();
  await carryOut(missed);
  await expectWhole();
});

test('it is restored under a stopped bot: a sealed command sent 60 messages before its start runs once', async () => {
  await bot.term();
  await restore();
  const missed = await give();
  // So many that the home server has counted beyond the bot's position: it looks valid again.
  for (let i = 0; i < 60; i += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, k) => alice.send(room, `talk ${i + k}`)));
  }
  await bot.start();
  await carryOut(missed);
  await expectWhole();
});
