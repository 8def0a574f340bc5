import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { MatrixApi, StateEvent } from '../../../../src/bot/client/matrix-api.ts';
import { EncryptionGuard } from '../../../../src/bot/rooms/encryption-guard.ts';
import { follow } from '../../../../src/bot/rooms/upgrade.ts';
import { parseEventId, parseRoomId, parseUserId, type RoomId } from '../../../../src/core/ids.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { SqliteLedger } from '../../../../src/platform/store/ledger-store.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { RoomStore } from '../../../../src/platform/store/rooms.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

const from = parseRoomId('!old:lab.test');
const to = parseRoomId('!new:lab.test');
const self = parseUserId('@urtc:lab.test');

let encrypted: Set<RoomId>;
let predecessor: RoomId;
let left: RoomId[];

beforeEach(() => {
  encrypted = new Set();
  predecessor = from;
  left = [];
});

const unused = (): never => {
  throw new Error('nobody asks for this here');
};

function stateOf(room: RoomId, type: string): StateEvent | null {
  const found = (content: JsonObject): StateEvent => ({
    ...{ type, stateKey: '', sender: self, eventId: parseEventId('$state'), content },
  });
  switch (type) {
    case 'm.room.create':
      return found({ predecessor: { room_id: predecessor } });
    case 'm.room.encryption':
      return encrypted.has(room) ? found({ algorithm: 'm.megolm.v1.aes-sha2' }) : null;
    default:
      return null;
  }
}

/** Follows on a home server that says only what is asked here. */
async function followed(): Promise<string> {
  const api: MatrixApi = {
    url: 'http://lab.test',
    ...{
      whoami: unused,
      sync: unused,
      versions: unused,
      history: unused,
      send: unused,
      redact: unused,
    },
    ...{ putState: unused, upload: unused, createRoom: unused, defaultRoomVersion: unused },
    ...{ joinedRooms: unused, members: unused, invite: unused },
    join: () => Promise.resolve(),
    leave: (room) => Promise.resolve(void left.push(room)),
    stateEvent: (room, type) => Promise.resolve(stateOf(room, type)),
  };
  const database = stateIn(tempFolder());
  onTestFinished(() => database.close());
  const clock = new FakeClock();
  const { log } = rememberingLog();
  const guard = new EncryptionGuard({
    ...{ api, clock, log, unreadSince: () => null, onKnown: () => undefined },
  });
  return follow(
    {
      ...{ api, self, database, clock, log, guard },
      store: new RoomStore(database),
      ledger: new SqliteLedger(database),
      outbox: new SqliteOutbox(database),
      people: { roleOf: () => null, list: () => [] },
      language: () => 'en',
      isEncrypted: true,
    },
    { from, to },
  );
}

test.each([
  { old: 'plain', next: 'plain', result: 'followed' },
  { old: 'plain', next: 'encrypted', result: 'followed' },
  { old: 'encrypted', next: 'encrypted', result: 'followed' },
  { old: 'encrypted', next: 'plain', result: 'refused' },
])(
  '[#31] from a room that is $old to one that is $next: $result',
  async ({ old, next, result }) => {
    if (old === 'encrypted') encrypted.add(from);
    if (next === 'encrypted') encrypted.add(to);
    expect(await followed()).toBe(result);
    expect(left).toEqual(result === 'refused' ? [to] : []);
  },
);

test('[#13] a room that names another one as its predecessor is left', async () => {
  predecessor = parseRoomId('!another:lab.test');
  expect(await followed()).toBe('refused');
  expect(left).toEqual([to]);
});
