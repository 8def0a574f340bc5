import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Intake } from '../../../../src/bot/inbox/intake.ts';
import { parseEventId, parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { Database } from '../../../../src/platform/store/database.ts';
import { SqliteLedger } from '../../../../src/platform/store/ledger-store.ts';
import type { PendingInput } from '../../../../src/platform/store/ledger.ts';
import { ledgerMigration } from '../../../../src/platform/store/migrations/10-ledger.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

function scene(handle: (input: PendingInput, ledger: SqliteLedger) => Promise<void>) {
  const database = new Database(join(tempFolder(), 'state.sqlite'), [ledgerMigration], 'FULL');
  const ledger = new SqliteLedger(database);
  const clock = new FakeClock();
  const { log, lines } = rememberingLog();
  const intake = new Intake({ ledger, clock, log, handle: (input) => handle(input, ledger) });
  const stop = new AbortController();
  const record = (...names: string[]): void => {
    ledger.record(
      names.map((name) => ({
        eventId: parseEventId(`$${name.replaceAll(' ', '_')}`),
        roomId: parseRoomId('!r:lab.test'),
        sender: parseUserId('@anna:lab.test'),
        input: { kind: 'message', body: name },
        ageMs: 0,
      })),
      1,
    );
    intake.wake();
  };
  return { ledger, intake, stop, record, lines, clock };
}

const bodyOf = ({ input }: PendingInput): string => (input.kind === 'message' ? input.body : '');

test('begins with what an earlier process left, then goes on in order', async () => {
  const seen: string[] = [];
  const { intake, stop, record } = scene((input, ledger) => {
    seen.push(bodyOf(input));
    ledger.markHandled(input.eventId);
    return Promise.resolve();
  });
  record('left 1', 'left 2');
  const ended = intake.run(stop.signal);
  record('new');
  await vi.waitFor(() => {
    expect(seen).toEqual(['left 1', 'left 2', 'new']);
  }, 20_000);
  stop.abort();
  await ended;
});

test('[#29] an input whose handling rejects is tried again, then no longer in the way (fake clock)', async () => {
  const seen: string[] = [];
  const { intake, stop, record, lines, clock, ledger } = scene((input, led) => {
    seen.push(bodyOf(input));
    if (bodyOf(input) === 'bad') return Promise.reject(new Error('broken'));
    led.markHandled(input.eventId);
    return Promise.resolve();
  });
  record('bad', 'good');
  const ended = intake.run(stop.signal);
  await vi.waitFor(() => {
    clock.advance(10_000);
    expect(seen).toContain('good');
  }, 20_000);
  expect(seen.filter((body) => body === 'bad')).toHaveLength(5);
  expect(lines.every(({ level }) => level === 'error')).toBe(true);
  // It is not forgotten: the next process tries again.
  expect(ledger.pending(10).map(bodyOf)).toEqual(['bad']);
  stop.abort();
  await ended;
});

test('a handler that forgets to mark is found out and does not spin (fake clock)', async () => {
  let calls = 0;
  const { intake, stop, record, clock } = scene(() => {
    calls += 1;
    return Promise.resolve();
  });
  record('a');
  const ended = intake.run(stop.signal);
  await vi.waitFor(() => {
    expect(clock.slept).toHaveLength(1);
  }, 20_000);
  expect(calls).toBe(1);
  stop.abort();
  await ended;
});
