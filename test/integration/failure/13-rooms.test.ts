import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { soakCount } from '../../lab/count.ts';
import { HttpFailure, route } from '../../lab/http.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import type { SyncJson } from '../../lab/proxy/rules.ts';
import { until } from '../../lab/wait.ts';
import { botsOfATest } from './bots-of-a-test.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bob: Person;
let mallory: Person;

beforeAll(async () => {
  lab = await startLab({ name: 'rooms', people: ['alice', 'bob', 'mallory'] });
  alice = lab.person('alice');
  bob = lab.person('bob');
  mallory = lab.person('mallory');
});
afterAll(() => lab.stop());
const bots = botsOfATest(() => lab);

const people = (): { user: string; role: string }[] => [
  { user: alice.userId, role: 'admin' },
  { user: bob.userId, role: 'operator' },
];

/** A bot in a room of alice's, in which bob and mallory are as well and may do all that she may. */
async function inRoomOf(
  version: string,
  settings: Record<string, unknown> = {},
): Promise<{ bot: MetBot; room: string }> {
  const room = await alice.createRoom({
    roomVersion: version,
    invite: [bob.userId, mallory.userId],
    // Their power is as good as hers, as far as room versions allow.
    more: {
      power_level_content_override: {
        users: {
          ...(version === '12' ? {} : { [alice.userId]: 100 }),
          [bob.userId]: 100,
          [mallory.userId]: 100,
        },
        events: { 'm.room.tombstone': 100 },
      },
    },
  });
  await bob.join(room);
  await mallory.join(room);
  const bot = bots.keep(
    await MetBot.unborn(lab, {
      people: people(),
      settings: { adminRoom: room, ...settings },
    }),
  );
  await alice.invite(room, bot.userId);
  await bot.start();
  bot.room = room;
  await alice.ask(room, '!version');
  return { bot, room };
}

const upgraded = z.object({ replacement_room: z.string() });

async function upgrade(person: Person, room: string, version: string): Promise<string> {
  const path = route`/_matrix/client/v3/rooms/${room}/upgrade`;
  const body = { new_version: version };
  return upgraded.parse(await person.request({ method: 'POST', path, body })).replacement_room;
}

const isNotFollowed = 'somebody who is no listed admin upgraded the admin room';

test.each([
  { version: '10', isAway: false },
  { version: '12', isAway: true },
])(
  '[#13] room version $version: an upgrade by a listed admin is followed (bot away: $isAway), its creator stands in no list of users',
  async ({ version, isAway }) => {
    const { bot, room } = await inRoomOf(version);
    if (isAway) await bot.term();
    const next = await upgrade(alice, room, '12');
    const power = await alice.state(next, 'm.room.power_levels');
    expect(power).not.toHaveProperty(['users', alice.userId]);
    await alice.invite(next, bot.userId);
    if (isAway) await bot.start();
    await alice.waitFor(next, bot.says('I followed the upgrade'));
    const order = bot.order();
    expect((await alice.ask(next, order.line)).outcome).toBe('ok');
    // The old room is no place for commands any more.
    const since = alice.mark(room);
    await alice.send(room, order.line);
    await bot.kill9();
    await bot.start();
    expect((await alice.ask(next, '!version')).outcome).toBe('ok');
    expect(await bot.runsOf(order)).toBe(1);
    expect(bot.said(alice, since)).toEqual([]);
  },
);

test.each(['10', '12'])(
  '[#13] room version %s: an upgrade by an operator or a stranger is not followed; the log says so',
  async (version) => {
    const { bot, room } = await inRoomOf(version);
    for (const [i, person] of [bob, mallory].entries()) {
      const trap = await person.createRoom({
        roomVersion: '11',
        invite: [bot.userId],
        more: { creation_content: { predecessor: { room_id: room } } },
      });
      const content = { body: 'moved', replacement_room: trap };
      await person.setState(room, 'm.room.tombstone', content);
      await alice.ask(room, '!version');
      expect(bot.process.output().split(isNotFollowed)).toHaveLength(i + 2);
      expect(bot.process.output()).toContain(person.userId);
      expect((await person.members(trap)).get(bot.userId)).toBe('invite');
    }
    // A start reads the tombstone again and judges it as before.
    await bot.kill9();
    await bot.start();
    const order = bot.order();
    expect((await alice.ask(room, order.line)).outcome).toBe('ok');
    expect(bot.process.output()).toContain(isNotFollowed);
  },
);

test('[#13] a room of version 12 that the bot makes: it stands in no list and above all', async () => {
  const change = (): unknown => ({
    capabilities: { 'm.room_versions': { default: '12', available: {} } },
  });
  const fault = { action: 'rewriteJson', change } as const;
  lab.proxy.add({ match: { path: /\/capabilities$/ }, fault });
  const bot = bots.keep(await MetBot.meet(lab, { people: people(), entering: [alice, bob] }));
  const { room } = bot;
  expect(await alice.state(room, 'm.room.create')).toMatchObject({ room_version: '12' });
  const power = await alice.state(room, 'm.room.power_levels');
  expect(power).toMatchObject({ users: { [alice.userId]: 50 } });
  expect(power).not.toHaveProperty(['users', bot.userId]);
  const order = bot.order();
  expect((await alice.ask(room, order.line)).outcome).toBe('ok');
  // What only the bot may write needs 100, and it can.
  await alice.waitFor(
    room,
    (event) => event.type === 'io.urtc.audit_anchor' && event.sender === bot.userId,
  );
  await expect(upgrade(alice, room, '12')).rejects.toThrow(HttpFailure);
});

const joins = { method: 'POST', path: /\/join\// };

test('[#15] soak: invited by a stranger again and again, by an admin, from elsewhere: none joined, one line', async () => {
  const bot = bots.keep(await MetBot.meet(lab, { people: people(), entering: [alice] }));
  lab.proxy.log.clear();
  const rooms: { person: Person; room: string }[] = [];
  const invitations = soakCount(100, 'invitations of a stranger');
  for (let i = 0; i < invitations; i += 1) {
    const room = await mallory.createRoom({ preset: 'trusted_private_chat', invite: [bot.userId] });
    rooms.push({ person: mallory, room });
  }
  rooms.push({ person: alice, room: await alice.createRoom({ invite: [bot.userId] }) });
  expect((await alice.ask(bot.room, '!version')).outcome).toBe('ok');
  const rule = lab.proxy.add({
    fault: { action: 'rewriteSync', change: withInvitations(bot.userId) },
  });
  await until('its next syncs', () => (rule.hits > 1 ? true : (lab.proxy.cut(), undefined)), {
    timeoutMs: 60_000,
    everyMs: 500,
  });
  expect((await alice.ask(bot.room, '!version')).outcome).toBe('ok');
  for (const { person, room } of rooms) {
    expect((await person.members(room)).get(bot.userId)).toBe('invite');
  }
  expect(lab.proxy.log.count(joins)).toBe(0);
  expect(bot.process.output().split('an invitation was not accepted')).toHaveLength(2);
});

/** A /sync answer with invitations from another server, as it may write them. */
const withInvitations = (invited: string) => (answer: SyncJson) => {
  const member = (sender: unknown): unknown => ({
    ...{ type: 'm.room.member', state_key: invited, sender },
    content: { membership: 'invite', is_direct: true },
  });
  const invite = (events: unknown): unknown => ({ invite_state: { events } });
  return {
    ...answer,
    rooms: {
      ...z.looseObject({}).catch({}).parse(answer['rooms']),
      invite: {
        '!far:evil.test': invite([member('@eve:evil.test')]),
        '!liar:evil.test': invite([member(alice.userId)]),
        '!odd:evil.test': invite([7, null, member({}), { type: [] }]),
        'no room id': invite([member('@eve:evil.test')]),
      },
    },
  };
};
