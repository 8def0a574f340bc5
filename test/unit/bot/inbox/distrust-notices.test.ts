import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RejectReason } from '../../../../src/bot/crypto/protection.ts';
import { DistrustNotices } from '../../../../src/bot/inbox/distrust-notices.ts';
import type { Distrusted } from '../../../../src/bot/inbox/distrust-trail.ts';
import type { Judged } from '../../../../src/bot/inbox/judge.ts';
import { parseEventId, parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';

const room = parseRoomId('!room:lab.test');
const event = parseEventId('$event');
const anna = parseUserId('@anna:lab.test');
const eve = parseUserId('@eve:lab.test');

function scene() {
  const database = stateIn(join(tempFolder(), 'data'));
  onTestFinished(() => database.close());
  const outbox = new SqliteOutbox(database);
  const trail: Distrusted[] = [];
  const notices = new DistrustNotices({
    ...{ outbox, clock: new FakeClock(), language: () => 'en', isListed: (user) => user === anna },
    trail: { note: (distrusted) => void trail.push(distrusted) },
  });
  return { notices, trail, told: () => outbox.waiting('answer') };
}

const judged = (
  sender: typeof anna,
  { reason = null, isInClear = false }: { reason?: RejectReason | null; isInClear?: boolean },
): Judged => ({
  observed: { eventId: event, roomId: room, sender, input: null, ageMs: 0 },
  ...{ echo: null, state: null, strangerBody: null, sentAt: 0, isMalformed: false },
  ...{ isElsewhere: false, cover: null, isInClear },
  protection: reason === null ? { kind: 'plain' } : { kind: 'rejected', reason, device: null },
});

test('what was not taken leaves a trace each time, and a word in the room now and then (fake clock)', () => {
  const { notices, trail, told } = scene();
  const reasons = ['unsigned-device', 'changed-identity', 'other-sender', 'damaged'] as const;
  for (const reason of [...reasons, ...reasons]) notices.note(judged(anna, { reason }));
  notices.note(judged(anna, { isInClear: true }));
  notices.newIdentity(anna, room);
  notices.newIdentity(anna, null);
  expect(trail.map(({ reason }) => reason)).toEqual([
    ...[...reasons, ...reasons],
    ...['in-clear', 'new-identity', 'new-identity'],
  ]);
  expect(trail[0]).toEqual({ sender: anna, event, reason: 'unsigned-device' });
  expect(told()).toBe(reasons.length + 2);
});

test('strangers can fill neither room nor trail', () => {
  const { notices, trail, told } = scene();
  notices.note(judged(eve, { reason: 'unsigned-device' }));
  notices.note(judged(eve, { isInClear: true }));
  notices.newIdentity(eve, room);
  expect(trail).toEqual([]);
  expect(told()).toBe(0);
});
