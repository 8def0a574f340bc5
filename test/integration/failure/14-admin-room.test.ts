import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { until } from '../../lab/wait.ts';
import { botsOfATest } from './bots-of-a-test.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bob: Person;
let mallory: Person;

beforeAll(async () => {
  lab = await startLab({ name: 'admin-room', people: ['alice', 'bob', 'mallory'] });
  alice = lab.person('alice');
  bob = lab.person('bob');
  mallory = lab.person('mallory');
});
afterAll(() => lab.stop());
const bots = botsOfATest(() => lab);

const people = (): { user: string; role: string }[] => [
  { user: alice.userId, role: 'admin' },
  { user: bob.userId, role: 'viewer' },
];
const encryption = { algorithm: 'm.megolm.v1.aes-sha2' };

/** A bot that was invited into a room of alice's and not started yet. */
async function invitedBot(room: string): Promise<MetBot> {
  const bot = bots.keep(
    await MetBot.unborn(lab, { people: people(), settings: { adminRoom: room } }),
  );
  bot.room = room;
  await alice.invite(room, bot.userId);
  return bot;
}

/** Whatever the bot wrote into its room after the room was encrypted, state too. */
async function writtenSinceEncryption(bot: MetBot): Promise<string[]> {
  const events = await alice.messages(bot.room);
  const start = events.findIndex(({ type }) => type === 'm.room.encryption');
  expect(start).toBeGreaterThan(-1);
  const own = events.slice(start).filter((event) => event.sender === bot.userId);
  // It was invited into one of the rooms after it was encrypted.
  return own.filter(({ type }) => type !== 'm.room.member').map(({ type }) => type);
}

test('the room that the bot makes: by invitation, on this server only, closed to who comes later', async () => {
  const bot = bots.keep(await MetBot.meet(lab, { people: people(), entering: [alice] }));
  const { room } = bot;
  const state = (type: string): Promise<unknown> => alice.state(room, type);
  expect(await state('m.room.create')).toMatchObject({ 'm.federate': false });
  expect(await state('m.room.join_rules')).toEqual({ join_rule: 'invite' });
  expect(await state('m.room.guest_access')).toEqual({ guest_access: 'forbidden' });
  expect(await state('m.room.history_visibility')).toEqual({ history_visibility: 'joined' });
  expect(await state('m.room.encryption')).toBeUndefined();
  await expect(mallory.join(room)).rejects.toThrow('M_FORBIDDEN');
  // Listed people are invited; what was said before they came in is not for them.
  await alice.ask(room, '!whoami');
  await bob.invitation(room);
  await bob.join(room);
  await bob.ask(room, '!version');
  const texts = (await bob.messages(room)).map(bodyOf);
  expect(texts).toContain('!version');
  expect(texts).not.toContain('!whoami');
});

test('in the room that the bot makes nobody but the bot can change who reads and what is true', async () => {
  const bot = bots.keep(await MetBot.meet(lab, { people: people(), entering: [alice, bob] }));
  const { room } = bot;
  const forbidden: [string, Record<string, unknown>][] = [
    ['m.room.encryption', encryption],
    ['m.room.power_levels', { users: { [alice.userId]: 100 } }],
    ['m.room.join_rules', { join_rule: 'public' }],
    ['m.room.history_visibility', { history_visibility: 'world_readable' }],
    ['m.room.guest_access', { guest_access: 'can_join' }],
    ['m.room.tombstone', { body: 'moved', replacement_room: '!other:lab.test' }],
    ['io.urtc.audit_anchor', { count: 0, hash: '' }],
  ];
  for (const [type, content] of forbidden) {
    await expect(alice.setState(room, type, content), type).rejects.toThrow('M_FORBIDDEN');
  }
  await expect(alice.kick(room, bot.userId)).rejects.toThrow('M_FORBIDDEN');
  await expect(bob.invite(room, mallory.userId)).rejects.toThrow('M_FORBIDDEN');
  await alice.setState(room, 'm.room.name', { name: 'Ours' });
});

test('[#14] a member who is not listed: a warning with the name and what to do, once', async () => {
  const bot = bots.keep(await MetBot.meet(lab, { people: people(), entering: [alice] }));
  const { room } = bot;
  const isWarning = bot.says('not on the list of people');
  await alice.invite(room, mallory.userId);
  const warning = await alice.waitFor(room, isWarning);
  expect(bodyOf(warning)).toContain(mallory.userId);
  expect(bodyOf(warning)).toMatch(/Remove them, or add them under `?people/);
  expect(bot.process.output()).toContain('people who are not listed read the room');
  const order = bot.order();
  await mallory.join(room);
  await mallory.send(room, order.line);
  await alice.ask(room, '!version');
  await bot.kill9();
  await bot.start();
  await alice.ask(room, '!version');
  expect(alice.timeline(room).filter(isWarning)).toHaveLength(1);
  expect(await bot.runsOf(order)).toBe(0);
  // Who comes again is a change again.
  await alice.kick(room, mallory.userId);
  await alice.ask(room, '!version');
  const since = alice.mark(room);
  await alice.invite(room, mallory.userId);
  await alice.waitFor(room, isWarning, { since });
});

test('an encrypted room is refused at the start, with the code and the next step; nothing is written', async () => {
  const room = await alice.createRoom({
    more: { initial_state: [{ type: 'm.room.encryption', content: encryption }] },
  });
  const bot = await invitedBot(room);
  await bot.start({ waitReady: false });
  expect(await bot.process.exited).toEqual({ code: 78, signal: null });
  expect(bot.process.output()).toContain('E_ROOM_ENCRYPTED');
  expect(bot.process.output()).toContain('Name an unencrypted room, or let the bot make one.');
  expect(await writtenSinceEncryption(bot)).toEqual([]);
});

test('[#31] encryption switched on in the running room: not a word more, the log and the exit say why', async () => {
  const room = await alice.createRoom();
  const bot = await invitedBot(room);
  await bot.start();
  await alice.ask(room, '!version');
  const order = bot.order();
  await alice.setState(room, 'm.room.encryption', encryption);
  await alice.send(room, order.line);
  await alice.send(room, '!help');
  expect(await bot.process.exited).toEqual({ code: 78, signal: null });
  expect(bot.process.output()).toContain('E_ROOM_ENCRYPTED');
  expect(bot.process.output()).toContain('Name an unencrypted room');
  await bot.start({ waitReady: false });
  expect(await bot.process.exited).toEqual({ code: 78, signal: null });
  expect(await writtenSinceEncryption(bot)).toEqual([]);
});

test('[#31] encryption switched on in one batch with a command, and while an answer waits: nothing is sent', async () => {
  const room = await alice.createRoom();
  const bot = await invitedBot(room);
  await bot.start();
  await alice.ask(room, '!version');
  const sends = { method: 'PUT', path: /\/send\// };
  const held = lab.proxy.add({ match: sends, fault: { action: 'dropRequest' } });
  await alice.send(room, '!whoami');
  await until('an answer waits', () => (held.hits > 0 ? true : undefined), { timeoutMs: 20_000 });
  lab.proxy.block();
  const order = bot.order();
  await alice.send(room, order.line);
  await alice.setState(room, 'm.room.encryption', encryption);
  await alice.send(room, '!help');
  lab.proxy.clear();
  // What it sends goes through at once, what it reads only later.
  lab.proxy.add({ match: { path: /\/sync$/ }, fault: { action: 'delay', ms: 3000 }, times: 1 });
  lab.proxy.unblock();
  expect(await bot.process.exited).toEqual({ code: 78, signal: null });
  expect(await writtenSinceEncryption(bot)).toEqual([]);
});

test('[#31] encryption switched on while the bot is away and an answer waits: nothing is sent', async () => {
  const room = await alice.createRoom();
  const bot = await invitedBot(room);
  await bot.start();
  await alice.ask(room, '!version');
  const sends = { method: 'PUT', path: /\/send\// };
  const held = lab.proxy.add({ match: sends, fault: { action: 'dropRequest' } });
  await alice.send(room, '!whoami');
  await until('an answer waits', () => (held.hits > 0 ? true : undefined), { timeoutMs: 20_000 });
  await bot.kill9();
  held.remove();
  await alice.setState(room, 'm.room.encryption', encryption);
  await bot.start({ waitReady: false });
  expect(await bot.process.exited).toEqual({ code: 78, signal: null });
  expect(await writtenSinceEncryption(bot)).toEqual([]);
});

test('[#33] it can not be asked whether the room is encrypted: nothing is sent until it can', async () => {
  const room = await alice.createRoom();
  const bot = await invitedBot(room);
  await bot.start();
  await alice.ask(room, '!version');
  await bot.term();
  const asks = { path: /\/state\/m\.room\.encryption\// };
  const fault = { action: 'status', status: 500, body: { errcode: 'M_UNKNOWN' } } as const;
  const rule = lab.proxy.add({ match: asks, fault });
  const command = await alice.send(room, '!whoami');
  lab.proxy.log.clear();
  await bot.start();
  await until('it asked twice', () => (rule.hits > 1 ? true : undefined), { timeoutMs: 20_000 });
  expect(lab.proxy.log.count({ method: 'PUT' })).toBe(0);
  expect(bot.process.output()).toContain('it is not known whether the room is encrypted');
  rule.remove();
  expect((await alice.answerTo(room, command)).outcome).toBe('ok');
});
