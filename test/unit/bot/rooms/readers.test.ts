import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { warnAboutReaders } from '../../../../src/bot/rooms/readers.ts';
import { parseRoomId, parseUserId, type UserId } from '../../../../src/core/ids.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { RoomStore } from '../../../../src/platform/store/rooms.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

const room = parseRoomId('!admin:lab.test');
const self = parseUserId('@urtc:lab.test');
const anna = parseUserId('@anna:lab.test');
const eve = parseUserId('@eve:lab.test');
const mallory = parseUserId('@mallory:lab.test');

let database: Database;

beforeEach(() => {
  database = stateIn(tempFolder());
  onTestFinished(() => database.close());
});

type Members = [UserId, 'join' | 'invite' | 'leave'][];

/** What is said of these members, in a room of this kind. */
async function said(kind: 'plain' | 'encrypted', others: Members): Promise<string> {
  const clock = new FakeClock();
  const { log } = rememberingLog();
  const outbox = new SqliteOutbox(database);
  const members = new Map([
    ...([
      [self, 'join'],
      [anna, 'join'],
    ] satisfies Members),
    ...others,
  ]);
  await warnAboutReaders(
    {
      ...{ self, database, outbox, clock, log },
      api: { members: () => Promise.resolve(members) },
      store: new RoomStore(database),
      people: { roleOf: (user) => (user === anna ? 'admin' : null), list: () => [] },
      language: () => 'en',
      guard: { ask: () => Promise.resolve(kind) },
    },
    room,
  );
  return JSON.stringify([...outbox.heads(9)].map(({ body }) => body));
}

test('in a plain room a member who is not listed reads everything', async () => {
  const text = await said('plain', [[eve, 'join']]);
  expect(text).toContain('they can read all that is written here: @eve:lab.test.');
  expect(text).not.toContain('sealed');
  expect(text).not.toContain('Only invited');
});

test('in an encrypted room the warning is not about what the bot writes', async () => {
  const text = await said('encrypted', [[eve, 'join']]);
  expect(text).toContain('they can read what people write here: @eve:lab.test.');
  expect(text).toContain('What I write is not sealed for them.');
  expect(text).not.toContain('all that is written');
});

test('who is only invited does not read yet', async () => {
  const text = await said('encrypted', [
    [eve, 'join'],
    [mallory, 'invite'],
  ]);
  expect(text).toContain('@eve:lab.test, @mallory:lab.test');
  expect(text).toContain(
    'Only invited so far, they can read as soon as they have joined: @mallory',
  );
});
