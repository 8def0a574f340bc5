import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Locksmith } from '../../../../src/bot/inbox/locksmith.ts';
import { parseEventId, parseRoomId } from '../../../../src/core/ids.ts';
import { SqliteLedger } from '../../../../src/platform/store/ledger-store.ts';
import { LockedEvents } from '../../../../src/platform/store/locked-events.ts';
import { MegolmMessages } from '../../../../src/platform/store/megolm-messages.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

const room = parseRoomId('!room:lab.test');

test('[#15] of events that nobody can read only so many are spoken of (fake clock)', async () => {
  const clock = new FakeClock();
  const database = stateIn(join(tempFolder(), 'data'));
  const outbox = new SqliteOutbox(database);
  const locked = new LockedEvents(database);
  const locksmith = new Locksmith({
    ...{ database, outbox, locked, clock, log: rememberingLog().log, language: () => 'en' },
    ledger: new SqliteLedger(database),
    messages: new MegolmMessages(database),
    open: (event) =>
      Promise.resolve({ event, protection: { kind: 'locked', reason: 'no-key' } as const }),
    judge: () => null,
    distrust: { note: () => undefined },
    onPending: () => undefined,
  });
  for (let i = 0; i < 50; i += 1) {
    const eventId = parseEventId(`$${i}`);
    locked.add({ eventId, room, event: {}, reason: 'no-key', seenAt: clock.now() });
  }
  clock.advance(5000);
  const stop = new AbortController();
  const life = locksmith.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await life;
    database.close();
  });
  await expect.poll(() => locked.untold(Number.MAX_SAFE_INTEGER)).toEqual([]);
  const marks = [...outbox.heads(200)].filter(({ body }) => body.kind === 'reaction');
  expect(marks).toHaveLength(10);
  // Their keys may still come: nothing is forgotten.
  expect(locked.all()).toHaveLength(50);
});
