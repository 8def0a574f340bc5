import { expect, it, onTestFinished } from 'vitest';
import { postFeedMessage, type FeedPlace } from '../../../src/bot/feed-message.ts';
import { parseEventId, parseRoomId } from '../../../src/core/ids.ts';
import type { Incident } from '../../../src/platform/store/incidents.ts';
import { SqliteOutbox } from '../../../src/platform/store/outbox-store.ts';
import { stateIn } from '../platform/store/new-state.ts';
import { tempFolder } from '../platform/store/temp-folder.ts';

const incident: Incident = {
  ...{ identity: 'disk', message: '1', level: 'warning', said: 'nearly full, token=CANARY7d1f' },
  ...{ openedAt: 1000, seenAt: 1000, healedAt: null, returns: 0 },
};

function setUp() {
  const database = stateIn(tempFolder());
  onTestFinished(() => database.close());
  const outbox = new SqliteOutbox(database);
  const room = parseRoomId('!room:example.org');
  const redact = (text: string): string => text.replaceAll('CANARY7d1f', '[masked]');
  const place: FeedPlace = {
    ...{ outbox, room, redact, language: 'en', release: 'ess', now: 61_000 },
    notes: () => [],
  };
  const rows = () => [...outbox.heads(10)];
  return { outbox, place, rows };
}

it('becomes a message, without secrets, and an edit of it once it was sent', () => {
  const { outbox, place, rows } = setUp();
  postFeedMessage(place, { key: '1', incidents: [incident] });
  const [first] = rows();
  expect(first).toMatchObject({ priority: 'urgent', body: { kind: 'event' } });
  expect(JSON.stringify(first?.body)).toContain('token=[masked]');
  // Not sent yet: then there is still only one message.
  postFeedMessage(place, { key: '1', incidents: [{ ...incident, said: 'full' }] });
  expect(rows()).toHaveLength(1);
  expect(JSON.stringify(rows()[0]?.body)).toContain('full');
  const sent = parseEventId('$sent');
  if (first !== undefined) outbox.markSent(first.id, sent, 2000);
  postFeedMessage(place, { key: '1', incidents: [{ ...incident, healedAt: 61_000 }] });
  expect(rows()).toMatchObject([{ body: { kind: 'edit', target: sent } }]);
  expect(JSON.stringify(rows()[0]?.body)).toContain('Healed after 1 min.');
});

it('tells several in one message, and which of them have healed', () => {
  const { place, rows } = setUp();
  const other = { ...incident, identity: 'node', said: 'node down', level: 'broken' } as const;
  postFeedMessage(place, { key: '1', incidents: [{ ...incident, healedAt: 5000 }, other] });
  const text = JSON.stringify(rows()[0]?.body);
  expect(text).toContain('1 trouble in release ess');
  expect(text).toContain('Healed: nearly full');
});

it('names the way on once, as long as there is trouble', () => {
  const { place, rows } = setUp();
  const other = { ...incident, identity: 'node', said: 'node down' } as const;
  const text = (incidents: readonly Incident[]): string => {
    postFeedMessage(place, { key: '1', incidents });
    return JSON.stringify(rows()[0]?.body);
  };
  const count = (said: string): number => said.split('!doctor').length - 1;
  // Once as text and once as HTML.
  expect(count(text([incident]))).toBe(2);
  expect(count(text([incident, other]))).toBe(2);
  expect(count(text([{ ...incident, healedAt: 61_000 }]))).toBe(0);
});
