import { describe, expect, it } from 'vitest';
import type { MatrixApi } from '../../../../src/bot/client/matrix-api.ts';
import { Pulse } from '../../../../src/bot/daemon/pulse.ts';
import { Readiness } from '../../../../src/bot/daemon/readiness.ts';
import type { Clock } from '../../../../src/platform/clock.ts';

function fakeClock(): Clock & { at: number } {
  const clock = {
    at: 0,
    now: () => clock.at,
    monotonic: () => clock.at,
    sleep: () => Promise.resolve(),
  };
  return clock;
}

describe('readiness', () => {
  const fine = {
    syncAgeMs: () => 0,
    admin: () => ({ asked: true, problem: null }),
    auditProblem: () => null,
  };

  it('[#26] follows the age of the last good sync (fake clock)', () => {
    let age: number | null = null;
    const readiness = new Readiness({ ...fine, syncAgeMs: () => age });
    const sync = (reason: string) => [{ part: 'sync', reason }];
    expect(readiness.problems()).toEqual(sync('no sync yet'));
    readiness.waiting('nobody answers');
    expect(readiness.problems()).toEqual(sync('nobody answers'));
    age = 40_000;
    expect(readiness.problems()).toEqual([]);
    age = 46_000;
    expect(readiness.problems()).toEqual(sync('the last good sync was 46 s ago'));
  });

  it('names each part that does not work', () => {
    const readiness = new Readiness({
      ...fine,
      admin: () => ({ asked: true, problem: 'refused' }),
      auditProblem: () => 'cut',
    });
    expect(readiness.problems()).toEqual([
      { part: 'admin-api', reason: 'refused' },
      { part: 'audit', reason: 'cut' },
    ]);
  });

  it('waits for the answer to the first question about the admin credential', () => {
    const admin = () => ({ asked: false, problem: null });
    const asking = new Readiness({ ...fine, admin });
    expect(asking.problems()).toEqual([{ part: 'admin-api', reason: 'not asked yet' }]);
  });
});

describe('the pulse', () => {
  const never = () => Promise.reject(new Error('not used'));
  const api = (sync: MatrixApi['sync']): MatrixApi => ({
    url: 'http://h',
    sync,
    versions: never,
    whoami: never,
    defaultRoomVersion: never,
    history: never,
    send: never,
    redact: never,
    putState: never,
    stateEvent: never,
    members: never,
    joinedRooms: never,
    join: never,
    leave: never,
    invite: never,
    createRoom: never,
    upload: never,
  });
  const query = { since: null, timeoutMs: 0, timelineLimit: 1, isFresh: false };

  it('beats while the loop asks, also in vain, and stops when the loop hangs (fake clock)', async () => {
    const clock = fakeClock();
    const pulse = new Pulse(clock);
    const heard = pulse.listenTo(api(() => Promise.reject(new Error('down'))));
    clock.at = 99_000;
    expect(pulse.isAlive).toBe(true);
    await expect(heard.sync(query, new AbortController().signal)).rejects.toThrow('down');
    clock.at = 198_000;
    expect(pulse.isAlive).toBe(true);
    clock.at = 200_000;
    expect(pulse.isAlive).toBe(false);
  });
});
