import { expect, test } from 'vitest';
import { plain } from '../../../../src/bot/crypto/protection.ts';
import { judge, type Judged } from '../../../../src/bot/inbox/judge.ts';
import { catchUp } from '../../../../src/bot/sync/catch-up.ts';
import { parseRoomId, parseUserId } from '../../../../src/core/ids.ts';

const room = parseRoomId('!room:lab.test');
const event = (n: number): unknown => ({
  event_id: `$${n}`,
  sender: '@anna:lab.test',
  type: 'm.room.message',
  content: { msgtype: 'm.text', body: `!${n}` },
});
const look = (raw: unknown): Judged | null =>
  judge({ event: raw, protection: plain }, room, {
    self: parseUserId('@bot:lab.test'),
    isListed: () => true,
    isActionable: () => true,
    isOurs: () => false,
    isAskedAbout: () => false,
    isAskedIn: () => false,
    isEncrypted: () => false,
    accepts: () => ['command', 'answer', 'reaction'],
  });

/** A room with events 1 to `last`, of which the newest `timeline` came with the sync. */
async function read(
  last: number,
  { known, timeline, maxEvents = 2000 }: { known: number; timeline: number; maxEvents?: number },
) {
  const asked: string[] = [];
  const first = last - timeline + 1;
  const result = await catchUp({
    timeline: Array.from({ length: timeline }, (_, i) => event(first + i)),
    before: String(first - 1),
    judge: (events) => Promise.resolve(events.map(look)),
    isKnown: (id) => Number(id.slice(1)) <= known,
    page: (from, limit) => {
      asked.push(from);
      const newest = Number(from);
      const size = Math.min(limit, newest);
      const events = Array.from({ length: size }, (_, i) => event(newest - i));
      return Promise.resolve({ events, end: size < limit ? null : String(newest - size) });
    },
    limits: { maxEvents, pageSize: 10 },
  });
  return { ...result, ids: result.events.map((each) => each.observed.eventId), asked };
}

test('[#3] reads back to the newest known event and gives the rest oldest first', async () => {
  const { ids, isComplete, newest } = await read(100, { known: 57, timeline: 5 });
  expect(ids).toEqual(Array.from({ length: 43 }, (_, i) => `$${58 + i}`));
  expect(isComplete).toBe(true);
  expect(newest).toBe('$100');
});

test('asks for nothing where the timeline reaches what is known', async () => {
  const { ids, asked, newest } = await read(100, { known: 98, timeline: 5 });
  expect(ids).toEqual(['$99', '$100']);
  expect(asked).toEqual([]);
  expect(newest).toBe('$100');
});

test('nothing new is nothing new, and the newest is still named', async () => {
  expect(await read(100, { known: 100, timeline: 5 })).toMatchObject({ ids: [], newest: '$100' });
});

test('stops at the beginning of the room', async () => {
  const { ids, isComplete } = await read(25, { known: 0, timeline: 3 });
  expect(ids).toHaveLength(25);
  expect(isComplete).toBe(true);
});

test('[#3] stops at its limit and says so', async () => {
  const { ids, isComplete, asked } = await read(500, { known: 1, timeline: 5, maxEvents: 40 });
  expect(isComplete).toBe(false);
  expect(ids.at(-1)).toBe('$500');
  expect(asked.length).toBeLessThan(6);
});

test('[#4] an event on two pages counts once, and one without an id not at all', async () => {
  const pages = [[event(3), null, event(2)], [event(2), event(1)], []];
  const { events } = await catchUp({
    timeline: [event(3)],
    before: '0',
    judge: (events) => Promise.resolve(events.map(look)),
    isKnown: () => false,
    page: (from) =>
      Promise.resolve({ events: pages[Number(from)] ?? [], end: `${Number(from) + 1}` }),
    limits: { maxEvents: 100, pageSize: 10 },
  });
  expect(events.map((each) => each.observed.eventId)).toEqual(['$1', '$2', '$3']);
});

test('a server that gives the same page for ever is not followed for ever', async () => {
  const { isComplete } = await catchUp({
    timeline: [],
    before: 'x',
    judge: (events) => Promise.resolve(events.map(look)),
    isKnown: () => false,
    page: () => Promise.resolve({ events: [event(1)], end: 'x' }),
    limits: { maxEvents: 100, pageSize: 10 },
  });
  expect(isComplete).toBe(true);
});
