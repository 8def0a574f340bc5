import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseEventId, parseRoomId } from '../../../../src/core/ids.ts';
import { Database } from '../../../../src/platform/store/database.ts';
import { outboxMigration } from '../../../../src/platform/store/migrations/11-outbox.ts';
import type { OutboxDraft } from '../../../../src/platform/store/outbox.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { tempFolder } from './temp-folder.ts';

const room = parseRoomId('!room:lab.test');
const sent = parseEventId('$sent');

function open(folder = tempFolder()) {
  const database = new Database(join(folder, 'state.sqlite'), [outboxMigration], 'FULL');
  return { database, folder, outbox: new SqliteOutbox(database) };
}

function draft(lane: string, body: string, more: Partial<OutboxDraft> = {}): OutboxDraft {
  return {
    room,
    lane,
    priority: 'answer',
    body: { kind: 'event', eventType: 'm.room.message', content: { body } },
    ...more,
  };
}

const bodies = (outbox: SqliteOutbox): unknown[] =>
  [...outbox.heads(100)].map(({ body }) => ('content' in body ? body.content['body'] : body));

test('gives the first of each lane, oldest first', () => {
  const { outbox } = open();
  for (const [lane, body] of [
    ['a', 'a1'],
    ['b', 'b1'],
    ['a', 'a2'],
    ['c', 'c1'],
  ] as const) {
    outbox.add(draft(lane, body), 1);
  }
  expect(bodies(outbox)).toEqual(['a1', 'b1', 'c1']);
});

test('urgent rows go first, and a lane is as urgent as what waits in it', () => {
  const { outbox } = open();
  outbox.add(draft('calm', 'calm', { priority: 'background' }), 1);
  outbox.add(draft('job', 'status', { priority: 'progress' }), 1);
  outbox.add(draft('other', 'other answer'), 1);
  outbox.add(draft('job', 'answer'), 1);
  outbox.add(draft('alert', 'alert', { priority: 'urgent' }), 1);
  expect(bodies(outbox)).toEqual(['alert', 'status', 'other answer', 'calm']);
  expect([...outbox.heads(10)][1]?.priority).toBe('answer');
});

test('a waiting row with the same key is overwritten in place', () => {
  const { outbox } = open();
  const first = outbox.add(draft('a', 'one', { mergeKey: 'k' }), 1);
  outbox.add(draft('b', 'between'), 1);
  const again = outbox.add(draft('a', 'two', { mergeKey: 'k' }), 2);
  expect(again).toBe(first);
  expect(bodies(outbox)).toEqual(['two', 'between']);
  expect(outbox.depth(11)).toEqual({ queued: 2, oldestAgeMs: 10 });
});

test('[#19] a row that was handed to the network keeps its content and its transaction id', () => {
  const { outbox } = open();
  const first = outbox.add(draft('a', 'one', { mergeKey: 'k' }), 1);
  const before = [...outbox.heads(1)][0];
  outbox.noteTried(first);
  const second = outbox.add(draft('a', 'two', { mergeKey: 'k' }), 2);
  expect(second).not.toBe(first);
  expect([...outbox.heads(1)][0]).toEqual(before);
});

test('[#19] after a restart every waiting row counts as tried, with the same transaction id', () => {
  const { outbox, database, folder } = open();
  outbox.add(draft('a', 'one', { mergeKey: 'k' }), 5);
  const before = [...outbox.heads(1)][0];
  database.close();
  const again = open(folder).outbox;
  expect([...again.heads(1)][0]).toEqual({ ...before, firstTriedAt: 5 });
  again.add(draft('a', 'two', { mergeKey: 'k' }), 6);
  expect(bodies(again)).toEqual(['one']);
});

test('a row is sent once, by its answer or by its echo', () => {
  const { outbox } = open();
  const id = outbox.add(draft('a', 'one'), 1);
  const transaction = [...outbox.heads(1)][0]?.transactionId ?? '';
  expect(outbox.eventOf(id)).toBeNull();
  expect(outbox.markSentByTransaction(transaction, sent, 2)).toBe(true);
  expect(outbox.markSent(id, parseEventId('$other'), 3)).toBe(false);
  expect(outbox.eventOf(id)).toBe(sent);
  expect(outbox.isOurs(sent)).toBe(true);
  expect(outbox.markSentByTransaction('unknown', sent, 2)).toBe(false);
});

test('files come back byte by byte and are forgotten once sent', () => {
  const { outbox, database } = open();
  const data = Uint8Array.from({ length: 256 }, (_, i) => i);
  const id = outbox.add(
    draft('a', '', {
      body: { kind: 'file', name: 'n', mimetype: 'text/plain', data, content: { body: 'n' } },
    }),
    1,
  );
  const body = [...outbox.heads(1)][0]?.body;
  expect(body?.kind === 'file' ? [...body.data] : null).toEqual([...data]);
  outbox.markSent(id, sent, 2);
  expect([...outbox.heads(1)]).toEqual([]);
  database.close();
});

test('takes back what nobody has seen, but not what is on its way or of another kind', () => {
  const { outbox } = open();
  const onItsWay = outbox.add(draft('job', 'eyes', { priority: 'progress' }), 1);
  const status = outbox.add(draft('job', 'status', { priority: 'progress' }), 1);
  const answer = outbox.add(draft('job', 'answer'), 1);
  outbox.noteTried(onItsWay);
  outbox.dropUntouched('job', 'progress', 2);
  expect(outbox.fateOf(onItsWay)?.state).toBe('queued');
  expect(outbox.fateOf(status)?.state).toBe('dropped');
  expect(outbox.fateOf(answer)?.state).toBe('queued');
  expect(outbox.waiting('answer')).toBe(1);
});

test('adding is part of the transaction of the caller', () => {
  const { outbox, database } = open();
  expect(() =>
    database.transaction(() => {
      outbox.add(draft('a', 'one'), 1);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(outbox.depth(1).queued).toBe(0);
});
