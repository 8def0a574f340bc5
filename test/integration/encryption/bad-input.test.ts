import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { soakCount } from '../../lab/count.ts';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { route } from '../../lab/http.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { Person } from '../../lab/person.ts';
import type { SyncJson } from '../../lab/proxy/rules.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { MetBot } from '../failure/met-bot.ts';
import { forgeries, strangeFrames, toDeviceJunk, type Loot } from './forgeries.ts';
import { clearMessages } from './sealed-traffic.ts';
import { shownDevices } from './shown-device.ts';

let lab: Lab;
let bot: MetBot;
let room: string;
let alice: EncryptedPerson;
let stranger: Person;
let loot: Loot;

beforeAll(async () => {
  lab = await startLab({ name: 'sealed-bad-input', people: [] });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  stranger = new Person(baseUrl, await register(baseUrl, { localpart: 'stranger' }));
  bot = await MetBot.meet(lab, {
    people: [{ user: alice.userId, role: 'admin' }],
    entering: [alice],
  });
  room = bot.room;
  const { commandId } = await alice.ask(room, '!whoami');
  const other = await alice.createRoom({ name: 'elsewhere' });
  const elsewhere = await alice.send(other, '!token create --uses=77');
  loot = {
    content: (await alice.rawEvent(room, commandId)).content,
    foreign: (await alice.rawEvent(other, elsewhere)).content,
  };
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(async () => {
  expect(clearMessages(lab.proxy.log.all())).toEqual([]);
  await alice.stop();
  await lab.stop();
});

async function metric(name: string): Promise<number> {
  const page = await bot.process.page('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1] ?? NaN);
}

const megabytes = async (): Promise<number> =>
  Math.round((await metric('urtc_resident_memory_bytes')) / 2 ** 20);

/** A command that leaves a trace is answered and run once, and its answer can be read. */
async function expectAlive(): Promise<void> {
  const order = bot.order();
  const answer = await alice.ask(room, order.line, { timeoutMs: 60_000 });
  expect(answer.outcome).toBe('ok');
  expect(answer.event.encryption?.verdict).toBe('trusted');
  expect(await bot.runsOf(order)).toBe(1);
}

const joined = z.looseObject({
  rooms: z.looseObject({ join: z.record(z.string(), z.looseObject({})) }).optional(),
});
const timeline = z.looseObject({ events: z.array(z.unknown()).default([]) });
const device = z.looseObject({ events: z.array(z.unknown()).default([]) });

/** The next sync brings this too, once. */
async function deliver(change: (answer: SyncJson) => SyncJson): Promise<void> {
  const rule = lab.proxy.add({ times: 1, fault: { action: 'rewriteSync', change } });
  lab.proxy.cut();
  await until('the delivery', () => (rule.hits === 1 ? true : undefined), { timeoutMs: 60_000 });
}

const withEvents =
  (events: readonly unknown[]) =>
  (answer: SyncJson): SyncJson => {
    const rooms = joined.safeParse(answer).data?.rooms;
    const real = timeline.safeParse(rooms?.join[room]?.['timeline']).data;
    const more = { ...real, events: [...events, ...(real?.events ?? [])] };
    const mine = { ...rooms?.join[room], timeline: more };
    return { ...answer, rooms: { ...rooms, join: { ...rooms?.join, [room]: mine } } };
  };

let made = 0;
const framed = (content: unknown): Record<string, unknown> => {
  made += 1;
  return {
    ...{ event_id: `$forged${made}x${Date.now()}`, sender: alice.userId, type: 'm.room.encrypted' },
    ...{ origin_server_ts: Date.now(), unsigned: { age: 10 }, content },
  };
};

test('forged m.room.encrypted events: nothing runs, the bot lives and reads what is real', async () => {
  const samples = fc.sample(forgeries(loot), soakCount(1000, 'forged sealed events, sent'));
  let accepted = 0;
  for (const content of samples) {
    try {
      await alice.forge(room, 'm.room.encrypted', content);
      accepted += 1;
    } catch (error) {
      // What is too large or no proper JSON for events does not even get to the room.
      expect(String(error)).toMatch(/ (?:400|413)\b/);
    }
  }
  await expectAlive();
  expect(await bot.process.status('/livez')).toBe(200);
  process.stdout.write(`the home server took ${accepted} of ${samples.length}\n`);
  expect(accepted).toBeGreaterThan(samples.length / 2);
});

test('forgeries in frames that only a home server can make: dropped, and the position moves', async () => {
  const count = soakCount(5000, 'forged sealed events, delivered');
  const contents = fc.sample(forgeries(loot), count);
  const frames = fc.sample(strangeFrames, count);
  const before = await metric('urtc_events_recorded_total');
  await deliver(
    withEvents(
      contents.map((content, i) => ({ ...framed(content), ...(i % 2 === 0 ? frames[i] : {}) })),
    ),
  );
  await expectAlive();
  expect(await metric('urtc_events_recorded_total')).toBeGreaterThan(before);
  const counted = ['locked', 'distrusted', 'replayed'].map((kind) => `urtc_events_${kind}_total`);
  for (const name of counted) expect(await metric(name), name).toBeGreaterThan(0);
  expect(await bot.runsOf({ uses: 77, line: '' })).toBe(0);
});

test('to-device events that are none: the bot lives, and hears the keys that come with them', async () => {
  const junk = fc.sample(toDeviceJunk, soakCount(2000, 'broken to-device events'));
  await deliver((answer) => {
    const real = device.safeParse(answer['to_device']).data?.events ?? [];
    return { ...answer, to_device: { events: [...junk, ...real] } };
  });
  await alice.crypto.forceDiscardSession(room);
  await expectAlive();
});

/** Junk for all devices of the bot, some in one request. */
async function flood(from: Person, events: number): Promise<void> {
  const types = ['m.room.encrypted', 'm.room_key', 'm.secret.send', 'm.dummy', 'org.example.junk'];
  const [deviceId = ''] = Object.keys(await shownDevices(from, bot.userId));
  for (let i = 0; i < events; i += 20) {
    await Promise.all(
      Array.from({ length: 20 }, async (_, k) => {
        const type = types[(i + k) % types.length] ?? 'm.dummy';
        const olm = {
          algorithm: 'm.olm.v1.curve25519-aes-sha2',
          sender_key: randomBytes(32).toString('base64').replace(/=+$/, ''),
          ciphertext: {
            [randomBytes(32).toString('base64')]: {
              type: k % 2,
              body: randomBytes(4000).toString('base64'),
            },
          },
        };
        const path = route`/_matrix/client/v3/sendToDevice/${type}/${randomUUID()}`;
        const body = { messages: { [bot.userId]: { [deviceId]: olm } } };
        await from.request({ method: 'PUT', path, body });
      }),
    );
  }
}

test('soak: floods of to-device events of a stranger and of a listed person: answers meanwhile, and no growth', async () => {
  const count = soakCount(10_000, 'junk to-device events');
  const before = await megabytes();
  const seen: number[] = [];
  for (const from of [stranger, alice]) {
    for (let part = 0; part < 2; part += 1) {
      const flooding = flood(from, count / 4);
      const asked = performance.now();
      await expectAlive();
      const ms = Math.round(performance.now() - asked);
      await flooding;
      await expectAlive();
      seen.push(await megabytes());
      process.stdout.write(`answered in ${ms} ms during a flood of ${from.userId}\n`);
    }
  }
  const since = alice.mark(room);
  await alice.crypto.forceDiscardSession(room);
  await expectAlive();
  process.stdout.write(`resident: ${before} MB before, then ${seen.join(', ')} MB\n`);
  // The heap of a busy process goes up to where it is collected; what is kept would go on beyond it.
  expect((seen.at(-1) ?? 0) - (seen[0] ?? 0)).toBeLessThan(120);
  // Nothing is said about what is not of the room.
  expect(bot.said(alice, since)).toHaveLength(1);
}, 600_000);
