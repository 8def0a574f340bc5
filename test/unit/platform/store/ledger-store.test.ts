import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseEventId, parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { Database } from '../../../../src/platform/store/database.ts';
import { SqliteLedger } from '../../../../src/platform/store/ledger-store.ts';
import type { ObservedEvent, RoomInput } from '../../../../src/platform/store/ledger.ts';
import { ledgerMigration } from '../../../../src/platform/store/migrations/10-ledger.ts';
import { tempFolder } from './temp-folder.ts';

const room = parseRoomId('!room:lab.test');
const sender = parseUserId('@anna:lab.test');

function observed(name: string, input: RoomInput | null = null): ObservedEvent {
  return { eventId: parseEventId(`$${name}`), roomId: room, sender, input, ageMs: 5 };
}

function open(folder = tempFolder(), retention?: ConstructorParameters<typeof SqliteLedger>[1]) {
  const database = new Database(join(folder, 'state.sqlite'), [ledgerMigration], 'FULL');
  return { database, folder, ledger: new SqliteLedger(database, retention) };
}

const message = (body: string): RoomInput => ({ kind: 'message', body });

test('[#4] an event counts once: in one batch twice, in a later one, and after a restart', () => {
  const { ledger, database, folder } = open();
  const event = observed('a', message('!help'));
  expect(ledger.record([event, event], 1)).toHaveLength(1);
  expect(ledger.record([event], 2)).toHaveLength(0);
  database.close();
  const again = open(folder).ledger;
  expect(again.record([event], 3)).toHaveLength(0);
  expect(again.pending(10)).toHaveLength(1);
});

test('inputs come back whole and in the order in which they were read', () => {
  const { ledger } = open();
  const inputs: RoomInput[] = [
    { kind: 'message', body: '!a', replyTo: parseEventId('$q'), thread: parseEventId('$t') },
    { kind: 'reaction', key: '❌', target: parseEventId('$q') },
    { kind: 'redaction', target: parseEventId('$q') },
    { kind: 'message', body: 'AB12' },
  ];
  ledger.record(
    inputs.map((input, i) => observed(`e${i}`, input)),
    7,
  );
  expect(ledger.pending(10).map((row) => row.input)).toEqual(inputs);
  expect(ledger.pending(2)).toHaveLength(2);
  expect(ledger.pending(1)[0]).toMatchObject({ ageMs: 5, recordedAt: 7, sender, roomId: room });
});

test('what was handled does not come back, and its words are forgotten', () => {
  const { ledger, database } = open();
  ledger.record([observed('a', message('!secret words')), observed('b', message('!b'))], 1);
  ledger.markHandled(parseEventId('$a'));
  expect(ledger.pending(10).map((row) => row.eventId)).toEqual(['$b']);
  expect(ledger.pendingCount()).toBe(1);
  expect(ledger.has(parseEventId('$a'))).toBe(true);
  database.close();
});

test('handling is part of the transaction of the caller', () => {
  const { ledger, database } = open();
  ledger.record([observed('a', message('!a'))], 1);
  expect(() =>
    database.transaction(() => {
      ledger.markHandled(parseEventId('$a'));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(ledger.pendingCount()).toBe(1);
});

test('knows a room from its first event on', () => {
  const { ledger } = open();
  expect(ledger.knows(room)).toBe(false);
  ledger.record([observed('a')], 9);
  expect(ledger.knows(room)).toBe(true);
  expect(ledger.lastReadAt(room)).toBe(9);
});

test('prunes what is old, but never what waits nor the newest of a room', () => {
  const { ledger } = open(tempFolder(), { keptMs: 1000, keptPerRoom: 100 });
  ledger.record([observed('waits', message('!a'))], 0);
  for (let i = 0; i < 2000; i += 1) ledger.record([observed(`old${i}`)], 0);
  ledger.record([observed('late')], 10_000);
  for (let i = 0; i < 1000; i += 1) ledger.record([observed(`new${i}`)], 10_000);
  expect(ledger.has(parseEventId('$waits'))).toBe(true);
  expect(ledger.has(parseEventId('$old0'))).toBe(false);
  expect(ledger.has(parseEventId('$new999'))).toBe(true);
  expect(ledger.has(parseEventId('$late'))).toBe(true);
});

test('keeps the newest events of a quiet room however old they are', () => {
  const { ledger } = open(tempFolder(), { keptMs: 1000, keptPerRoom: 300 });
  for (let i = 0; i < 600; i += 1) ledger.record([observed(`old${i}`)], 0);
  ledger.record(
    Array.from({ length: 256 }, (_, i) => observed(`x${i}`)),
    10_000,
  );
  expect(ledger.has(parseEventId('$old599'))).toBe(true);
  expect(ledger.has(parseEventId('$old0'))).toBe(false);
});
