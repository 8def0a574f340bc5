import { afterAll, beforeAll, expect, test } from 'vitest';
import { encryptionContent } from '../../../src/bot/rooms/creation.ts';
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

/** A bot that was invited into a room of alice's and not started yet. */
async function invitedBot(room: string): Promise<MetBot> {
  const bot = bots.keep(
    await MetBot.unborn(lab, { people: people(), settings: { adminRoom: room } }),
  );
  bot.room = room;
  await alice.invite(room, bot.userId);
  return bot;
}

test('the room that the bot makes: by invitation, on this server only, closed to who comes later', async () => {
  const bot = bots.keep(await MetBot.meet(lab, { people: people(), entering: [alice] }));
  const { room } = bot;
  const state = (type: string): Promise<unknown> => alice.state(room, type);
  expect(await state('m.room.create')).toMatchObject({ 'm.federate': false });
  expect(await state('m.room.join_rules')).toEqual({ join_rule: 'invite' });
  expect(await state('m.room.guest_access')).toEqual({ guest_access: 'forbidden' });
  expect(await state('m.room.history_visibility')).toEqual({ history_visibility: 'joined' });
  const encrypted = lab.isEncrypted ? encryptionContent : undefined;
  expect(await state('m.room.encryption')).toEqual(encrypted);
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
    ['m.room.encryption', { ...encryptionContent, rotation_period_msgs: 1 }],
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
  // It does not judge what it reads before it knows: so it is not ready either.
  await bot.start({ waitReady: false });
  await until('it asked twice', () => (rule.hits > 1 ? true : undefined), { timeoutMs: 20_000 });
  await until(
    'it says so',
    () =>
      bot.process.output().includes('it is not known whether the room is encrypted')
        ? true
        : undefined,
    { timeoutMs: 20_000 },
  );
  expect(lab.proxy.log.count({ method: 'PUT', path: /\/(send|redact|state)\// })).toBe(0);
  rule.remove();
  expect((await alice.answerTo(room, command)).outcome).toBe('ok');
});
