import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { AnchorWriter } from '../../../src/bot/audit-anchor.ts';
import { parseEventId, parseRoomId, parseUserId, type UserId } from '../../../src/core/ids.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { AuditVerdict } from '../../../src/platform/store/audit-entry.ts';
import { Database } from '../../../src/platform/store/database.ts';
import { outboxMigration } from '../../../src/platform/store/migrations/11-outbox.ts';
import { SqliteOutbox } from '../../../src/platform/store/outbox-store.ts';
import { tempFolder } from '../platform/store/temp-folder.ts';
import { FakeClock } from './fake-clock.ts';
import { rememberingLog } from './quiet-log.ts';

const room = parseRoomId('!room:lab.test');
const self = parseUserId('@bot:lab.test');

const written = z.object({ count: z.number(), hash: z.string() });

interface Found {
  readonly sender: UserId;
  readonly content: Record<string, string | number>;
}

function scene(
  found: Found | null = null,
  state: AuditVerdict['state'] = 'intact',
  held: Promise<void> = Promise.resolve(),
) {
  const database = new Database(join(tempFolder(), 'state.sqlite'), [outboxMigration], 'FULL');
  const outbox = new SqliteOutbox(database);
  const clock = new FakeClock();
  const head = { count: 0, hash: '00' };
  const verdicts = {
    intact: { state: 'intact', entries: 1, anchoredUpTo: null },
    broken: { state: 'broken', sequence: 1, why: 'hash' },
    cut: { state: 'cut', entries: 1, anchored: 9 },
  } as const satisfies Record<AuditVerdict['state'], AuditVerdict>;
  let there = found;
  const anchor = new AnchorWriter({
    ...{ outbox, clock, self, log: rememberingLog().log },
    head: () => ({ ...head }),
    room: () => room,
    language: () => 'en',
    verify: () => held.then(() => verdicts[state]),
    api: {
      stateEvent: (_room, type, stateKey) =>
        Promise.resolve(there && { type, stateKey, eventId: parseEventId('$a'), ...there }),
      putState: (_room, _type, _key, content) => {
        there = { sender: self, content: written.parse(content) };
        return Promise.resolve(parseEventId('$b'));
      },
    },
  });
  /** The anchor that waits, as the room would get it; taken out of the outbox. */
  const take = (): unknown => {
    const item = [...outbox.heads(10)].find(({ body }) => body.kind === 'state');
    if (item === undefined) return null;
    outbox.markSent(item.id, parseEventId('$s'), 1);
    return 'content' in item.body ? item.body.content : null;
  };
  /** The first note compares before anything is anchored. */
  const check = async (): Promise<void> => {
    anchor.note();
    await systemClock.sleep(1);
  };
  return { anchor, check, clock, head, take, outbox };
}

test('[#40] the head is anchored at once, then at most once a minute (fake clock)', async () => {
  const { anchor, check, clock, head, take } = scene();
  await check();
  expect(take()).toBeNull();
  head.count = 1;
  anchor.note();
  expect(take()).toEqual({ count: 1, hash: '00' });
  head.count = 2;
  anchor.note();
  expect(take()).toBeNull();
  clock.advance(60_000);
  anchor.note();
  expect(take()).toEqual({ count: 2, hash: '00' });
});

test('or after fifty entries, and at the end (fake clock)', async () => {
  const { anchor, check, head, take, outbox } = scene();
  await check();
  for (head.count = 1; head.count <= 51; head.count += 1) anchor.note();
  expect(outbox.depth(1).queued).toBe(1);
  expect(take()).toMatchObject({ count: 51 });
  anchor.write();
  expect(take()).toMatchObject({ count: 52 });
  anchor.write();
  expect(take()).toBeNull();
});

test('only what the bot itself wrote, in the right form, counts as an anchor', async () => {
  const content = { count: 3, hash: 'ab' };
  const read = (found: Found) => scene(found).anchor.readAnchors([room]);
  expect(await read({ sender: self, content })).toEqual([content]);
  expect(await read({ sender: parseUserId('@eve:lab.test'), content })).toEqual([]);
  expect(await read({ sender: self, content: { count: 'x' } })).toEqual([]);
});

test.each(['cut', 'broken'] as const)(
  'a log that is %s never overwrites its anchor',
  async (state) => {
    const { anchor, check, head, take, outbox } = scene(
      { sender: self, content: { count: 9, hash: 'ab' } },
      state,
    );
    head.count = 1;
    await check();
    anchor.note();
    anchor.write();
    expect(take()).toBeNull();
    // The room is told.
    expect([...outbox.heads(10)].map(({ body }) => body.kind)).toEqual(['event']);
  },
);

test('replaced by who may: rooms with an anchor vouch for the log as it is, and it goes on', async () => {
  const { anchor, check, clock, head, take, outbox } = scene(
    { sender: self, content: { count: 9, hash: 'ab' } },
    'cut',
  );
  head.count = 2;
  await check();
  await anchor.replace([room]);
  expect(await anchor.readAnchors([room])).toEqual([{ count: 2, hash: '00' }]);
  // What was wrong, and that it was accepted.
  expect(outbox.depth(1).queued).toBe(2);
  head.count = 3;
  clock.advance(60_000);
  anchor.note();
  expect(take()).toEqual({ count: 3, hash: '00' });
});

test('replaced while the first comparison is under way: what it read before closes nothing', async () => {
  let compared = (): void => undefined;
  const comparison = new Promise<void>((resolve) => {
    compared = resolve;
  });
  const content = { count: 9, hash: 'ab' };
  const { anchor, clock, head, take } = scene({ sender: self, content }, 'cut', comparison);
  head.count = 2;
  anchor.note();
  const replaced = anchor.replace([room]);
  await systemClock.sleep(5);
  compared();
  await replaced;
  await systemClock.sleep(1);
  head.count = 3;
  clock.advance(60_000);
  anchor.note();
  expect(take()).toEqual({ count: 3, hash: '00' });
});

test('a room without an anchor gets none by it', async () => {
  const { anchor, head } = scene(null, 'intact');
  head.count = 2;
  await anchor.replace([room]);
  expect(await anchor.readAnchors([room])).toEqual([]);
});
