import { expect, it, onTestFinished } from 'vitest';
import { endsSoon, SilenceWatch } from '../../../../src/bot/alerts/silence-watch.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { Silence } from '../../../../src/platform/alertmanager/alertmanager-api.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { SilenceNotes } from '../../../../src/platform/store/silence-notes.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';
import { bodyOf, room } from './feed-fixture.ts';

const minute = 60_000;
const silence = (fields: Partial<Silence> = {}): Silence => ({
  ...{ id: '0b4c9a2e-0000-4000-8000-000000000000', state: 'active', startsAt: 0 },
  ...{ endsAt: 120 * minute, createdBy: '@anna:x.org', comment: 'new disk' },
  matchers: [{ name: 'job', value: 'node', isRegex: false, isEqual: true }],
  ...fields,
});

it.each([
  ['ten minutes before', silence(), 110, true],
  ['earlier', silence(), 109, false],
  ['at its end', silence(), 120, false],
  ['a quarter of a short one', silence({ endsAt: 20 * minute }), 15, true],
  ['before that', silence({ endsAt: 20 * minute }), 14, false],
  [
    'one of 8 min that began a moment late',
    silence({ startsAt: 900, endsAt: 8 * minute }),
    7,
    true,
  ],
  ['one too short to be warned of', silence({ endsAt: 7 * minute }), 6.5, false],
  ['one that has not begun', silence({ state: 'pending' }), 115, false],
  ['one that was ended', silence({ state: 'expired' }), 115, false],
] as const)('%s', (_what, given, at, soon) => {
  expect(endsSoon(given, at * minute)).toBe(soon);
});

it('[#13] warns once of each end, over restarts too; a silence that was made longer is warned of again (fake clock, fake Alertmanager)', async () => {
  const database = stateIn(tempFolder());
  onTestFinished(() => database.close());
  const outbox = new SqliteOutbox(database);
  const clock = new FakeClock();
  const from = clock.now();
  const { log, lines } = rememberingLog();
  let present: Silence[] = [silence({ startsAt: from, endsAt: from + 120 * minute })];
  let isUp = true;
  const api = {
    silences: () =>
      isUp
        ? Promise.resolve(present)
        : Promise.reject(new AppError('E_ALERTMANAGER_UNREACHABLE', { url: 'x', reason: 'down' })),
    fingerprints: () => Promise.resolve(new Set(['a', 'b'])),
  };
  const { signal } = new AbortController();
  const look = () =>
    new SilenceWatch({
      ...{ api, database, outbox, clock, log },
      ...{ notes: new SilenceNotes(database), room: () => room, language: () => 'en' as const },
    }).check(signal);
  const waiting = () => [...outbox.heads(10)].map(bodyOf);

  await look();
  expect(waiting()).toEqual([]);
  clock.advance(112 * minute);
  isUp = false;
  await look();
  expect(waiting()).toEqual([]);
  expect(lines.length).toBe(1);
  isUp = true;
  await look();
  await look();
  expect(waiting()).toHaveLength(1);
  expect(waiting()[0]).toContain('covers 2 alerts');
  expect(waiting()[0]).toContain('new disk');
  expect(waiting()[0]).toContain('job="node"');
  present = [silence({ startsAt: from, endsAt: from + 240 * minute })];
  await look();
  expect(outbox.depth(clock.now()).queued).toBe(1);
  clock.advance(120 * minute);
  await look();
  expect(outbox.depth(clock.now()).queued).toBe(2);
});
