import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { encryptionContent } from '../../../src/bot/rooms/creation.ts';
import { bodyOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { register, type Account } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { EchoBot, type EchoBotOptions } from './echo-bot.ts';

let lab: Lab;
let alice: Person;
let bob: Person;
let mallory: Person;
let count = 0;
const running: EchoBot[] = [];

beforeAll(async () => {
  lab = await startLab({ name: 'rooms', people: ['alice', 'bob', 'mallory'] });
  alice = lab.person('alice');
  bob = lab.person('bob');
  mallory = lab.person('mallory');
});
afterEach(async () => {
  lab.proxy.clear();
  for (const bot of running.splice(0)) await bot.stop();
});
afterAll(() => lab.stop());

async function newAccount(): Promise<Account> {
  count += 1;
  return register(lab.synapse.baseUrl, { localpart: `keeper${count}` });
}

async function newBot(options: Omit<EchoBotOptions, 'lab'> = {}): Promise<EchoBot> {
  const account = options.account ?? (await newAccount());
  const bot = new EchoBot({ lab, name: account.localpart, ...options, account });
  running.push(bot);
  return bot;
}

const createRoom = { method: 'POST', path: /\/createRoom$/ };

test('the room that it makes is closed, for members only, and the listed people are asked in', async () => {
  const bot = await newBot({
    people: [
      [alice.userId, 'admin'],
      [bob.userId, 'viewer'],
      ['@nobody:elsewhere.test', 'viewer'],
    ],
  });
  const room = await bot.start();
  await alice.invitation(room);
  await bob.invitation(room);
  await alice.join(room);
  const state = async (type: string): Promise<unknown> => alice.state(room, type);
  expect(await state('m.room.join_rules')).toMatchObject({ join_rule: 'invite' });
  expect(await state('m.room.history_visibility')).toEqual({ history_visibility: 'joined' });
  expect(await state('m.room.guest_access')).toEqual({ guest_access: 'forbidden' });
  expect(await state('m.room.create')).toMatchObject({ 'm.federate': false });
  expect(await state('m.room.encryption')).toEqual(lab.isEncrypted ? encryptionContent : undefined);
  expect(await state('m.room.name')).toEqual({ name: 'Home server' });
  // Somebody of another server can't be in this room; that is no reason not to have it.
  expect(bot.logged('somebody could not be invited')).toHaveLength(1);
  await expect(
    alice.setState(room, 'io.urtc.audit_anchor', { count: 0, hash: '' }),
  ).rejects.toThrow('M_FORBIDDEN');
  await expect(
    alice.setState(room, 'm.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' }),
  ).rejects.toThrow('M_FORBIDDEN');
});

test('a second start and a lost state make no second room', async () => {
  const account = await newAccount();
  const bot = await newBot({ account });
  const room = await bot.start();
  await bot.stop();
  expect(await bot.start()).toBe(room);
  await alice.join(room);
  await bot.stop();
  // While it is away: it could run before the bot is stopped.
  await alice.send(room, '!before the state was lost');
  bot.loseState();
  bot.losePosition();
  expect(await bot.start()).toBe(room);
  await alice.ask(room, '!last');
  // It can't know what ran before: nothing that is older than this life runs.
  expect(bot.bodies).toEqual(['!last']);
});

test('a room whose making was not heard of is found again', async () => {
  const bot = await newBot();
  const rule = lab.proxy.add({ match: createRoom, fault: { action: 'dropResponse' }, times: 1 });
  lab.proxy.log.clear();
  const room = await bot.start();
  expect(rule.hits).toBe(1);
  expect(lab.proxy.log.count(createRoom)).toBe(1);
  await alice.join(await alice.invitation(room));
  await alice.ask(room, '!here');
});

test('what is said before the first sync of a new room is not lost', async () => {
  const bot = await newBot();
  const hold = lab.proxy.add({ match: { path: /\/sync$/ }, fault: { action: 'dropRequest' } });
  bot.launch();
  await until('the room', () => bot.chat.rooms.admin ?? undefined, { timeoutMs: 60_000 });
  const room = bot.chat.rooms.admin ?? '';
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/invite`;
  await fetch(`${lab.synapse.baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bot.account.accessToken}` },
    body: JSON.stringify({ user_id: alice.userId }),
  });
  await alice.join(room);
  const early = await alice.send(room, '!early');
  hold.remove();
  await alice.answerTo(room, early);
});

test('a named room: the bot joins when invited, and says when it was not', async () => {
  const room = await alice.createRoom({ name: 'ops' });
  const bot = await newBot({ adminRoom: room });
  await expect(bot.launch().ended).rejects.toMatchObject({ code: 'E_ROOM_NOT_JOINED' });
  await bot.stop();
  await alice.send(room, '!too early');
  await alice.invite(room, bot.self);
  await bot.start();
  await alice.ask(room, '!now');
  expect(bot.bodies).toEqual(['!now']);
});

test('members who are not listed are named once per change', async () => {
  const bot = await newBot();
  const room = await bot.start();
  await alice.join(await alice.invitation(room));
  const warnings = (): string[] =>
    alice
      .timeline(room)
      .filter((event) => bodyOf(event).includes('not on the list'))
      .map(bodyOf);
  await alice.invite(room, mallory.userId);
  await alice.waitFor(room, (event) => bodyOf(event).includes('not on the list'));
  await mallory.join(room);
  await alice.ask(room, '!one');
  await bot.stop();
  await bot.start();
  await alice.ask(room, '!two');
  expect(warnings()).toHaveLength(1);
  expect(warnings()[0]).toContain(mallory.userId);
  bot.people.set(mallory.userId, 'viewer');
  bot.chat.rooms.peopleChanged();
  await bot.chat.rooms.settled();
  bot.people.delete(mallory.userId);
  const since = alice.mark(room);
  bot.chat.rooms.peopleChanged();
  await bot.chat.rooms.settled();
  await alice.waitFor(room, (event) => bodyOf(event).includes('not on the list'), { since });
  await alice.ask(room, '!three');
  expect(warnings()).toHaveLength(2);
});

const upgraded = z.object({ replacement_room: z.string() });

async function upgrade(person: Person, room: string, version: string): Promise<string> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/upgrade`;
  const answer = await person.request({ method: 'POST', path, body: { new_version: version } });
  return upgraded.parse(answer).replacement_room;
}

test('[#13] an upgrade by a listed admin is followed, to room version 12 too', async () => {
  const room = await alice.createRoom({ name: 'ops', roomVersion: '10' });
  const bot = await newBot({ adminRoom: room });
  await alice.invite(room, bot.self);
  await bot.start();
  await alice.ask(room, '!old');
  const next = await upgrade(alice, room, '12');
  await alice.invite(next, bot.self);
  await until('it has moved', () => (bot.chat.rooms.admin === next ? true : undefined), {
    timeoutMs: 60_000,
  });
  await alice.ask(next, '!new');
  await bot.stop();
  expect(await bot.start()).toBe(next);
  await alice.ask(next, '!after a restart');
  expect(bot.bodies).toEqual(['!old', '!new', '!after a restart']);
});

test('[#13] an upgrade by somebody else is not followed, and the log says so', async () => {
  const room = await alice.createRoom({ name: 'ops', roomVersion: '10', invite: [mallory.userId] });
  const bot = await newBot({ adminRoom: room });
  await alice.invite(room, bot.self);
  await mallory.join(room);
  await alice.setState(room, 'm.room.power_levels', {
    users: { [alice.userId]: 100, [mallory.userId]: 100 },
    events_default: 0,
  });
  await bot.start();
  const trap = await mallory.createRoom({ invite: [bot.self] });
  await mallory.setState(room, 'm.room.tombstone', { body: 'moved', replacement_room: trap });
  await alice.ask(room, '!still here');
  expect(bot.chat.rooms.admin).toBe(room);
  expect((await mallory.members(trap)).get(bot.self)).toBe('invite');
  const alert = 'somebody who is no listed admin upgraded the admin room; the bot does not follow';
  expect(bot.logged(alert)[0]).toMatchObject({ level: 'error' });
  await bot.stop();
  expect(await bot.start()).toBe(room);
});

test('[#13] a room that does not name the old one as its predecessor is left again', async () => {
  const room = await alice.createRoom({ name: 'ops' });
  const bot = await newBot({ adminRoom: room });
  await alice.invite(room, bot.self);
  await bot.start();
  const trap = await alice.createRoom({ invite: [bot.self] });
  await alice.setState(room, 'm.room.tombstone', { body: 'moved', replacement_room: trap });
  await alice.waitFor(
    trap,
    (event) => event.state_key === bot.self && event.content['membership'] === 'leave',
  );
  expect(bot.chat.rooms.admin).toBe(room);
  await alice.ask(room, '!still here');
});

test('[#13] in a room of version 12 that it made, the bot stands above all', async () => {
  lab.proxy.add({
    match: { path: /\/capabilities$/ },
    fault: {
      action: 'rewriteJson',
      change: () => ({ capabilities: { 'm.room_versions': { default: '12', available: {} } } }),
    },
  });
  const bot = await newBot();
  const room = await bot.start();
  await alice.join(await alice.invitation(room));
  expect(await alice.state(room, 'm.room.create')).toMatchObject({ room_version: '12' });
  expect(await alice.state(room, 'm.room.power_levels')).toMatchObject({
    users: { [alice.userId]: 50 },
  });
  await alice.ask(room, '!here');
});
