import { describe, expect, it } from 'vitest';
import {
  ladderLimits,
  nextOnLadder,
  type LadderInput,
  type Rung,
  type Taken,
} from '../../../../src/ops/healing/ladder.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.UTC(2026, 10, 22, 12);
const crash = 'component/haproxy/crash/haproxy';

const input = (rest: Partial<LadderInput> = {}): LadderInput => ({
  ...{ identity: crash, since: now - 10 * minute, now, afterMs: 2 * minute },
  ...{ isProtected: false, isStopped: false, workedBefore: true, revision: '1' },
  ...{ restartedAt: null, taken: [], resumedAt: null },
  ...rest,
});

const took = (agoMs: number, rung: Rung, rest: Partial<Taken> = {}): Taken => ({
  ...{ at: now - agoMs, rung, identity: crash, revision: '1', done: true },
  ...rest,
});

const act = (rung: Rung) => ({ is: 'act', rung });
const leave = (why: string) => ({ is: 'leave', why });
const waitUntil = (until: number) => ({ is: 'wait', until });
const other = (name: string) => ({ identity: `component/haproxy/${name}/haproxy` });

/** What was done before, how it stands now, and what comes of it. */
const table: readonly (readonly [string, Partial<LadderInput>, unknown])[] = [
  ['a trouble that has lasted: its pod', {}, act('pod')],
  ['one that is young waits', { since: now - minute }, waitUntil(now + minute)],
  ['one of just now waits', { since: now }, waitUntil(now + 2 * minute)],
  ['a protected component is left', { isProtected: true }, leave('protected')],
  ['a pod that never worked is left', { workedBefore: false }, leave('never-worked')],
  [
    'after its pod, not before that had its time',
    { taken: [took(5 * minute, 'pod')] },
    waitUntil(now + minute),
  ],
  ['after its pod: its workload', { taken: [took(7 * minute, 'pod')] }, act('workload')],
  [
    'the new pod has not worked, but the one before it had',
    { taken: [took(7 * minute, 'pod')], workedBefore: false },
    act('workload'),
  ],
  [
    'unless somebody has changed the workload since',
    { taken: [took(7 * minute, 'pod')], workedBefore: false, revision: '2' },
    leave('never-worked'),
  ],
  [
    'after its workload: it stops',
    { taken: [took(20 * minute, 'pod'), took(10 * minute, 'workload')] },
    leave('repeat'),
  ],
  [
    'but not before the workload had its time',
    { taken: [took(20 * minute, 'pod'), took(5 * minute, 'workload')] },
    waitUntil(now + minute),
  ],
  [
    'where it comes back after hours: its workload',
    { taken: [took(5 * hour, 'pod')] },
    act('workload'),
  ],
  ['and after a day it is new', { taken: [took(24 * hour, 'pod')] }, act('pod')],
  [
    'a stop lasts',
    { isStopped: true, taken: [took(30 * hour, 'pod'), took(29 * hour, 'workload')] },
    leave('repeat'),
  ],
  ['a stop is for all troubles of the component', { isStopped: true }, leave('repeat')],
  [
    'a person lets it go on: from its pod again',
    {
      taken: [took(2 * hour, 'pod'), took(90 * minute, 'workload')],
      resumedAt: now - 30 * minute,
    },
    act('pod'),
  ],
  [
    'another trouble of the component has a ladder of its own',
    { taken: [took(20 * minute, 'pod', other('not-ready'))] },
    act('pod'),
  ],
  [
    'a fourth within the hour waits, whatever trouble the three were for',
    {
      taken: [
        took(50 * minute, 'pod', other('a')),
        took(40 * minute, 'workload', other('a')),
        took(30 * minute, 'pod', other('b')),
      ],
    },
    leave('budget'),
  ],
  [
    'and goes on when the first of them is an hour old',
    {
      taken: [
        took(hour, 'pod', other('a')),
        took(40 * minute, 'workload', other('a')),
        took(30 * minute, 'pod', other('b')),
      ],
    },
    act('pod'),
  ],
  [
    'what failed counts, too',
    {
      taken: [
        took(50 * minute, 'pod', { ...other('a'), done: false }),
        took(40 * minute, 'pod', { ...other('b'), done: false }),
        took(30 * minute, 'pod', { ...other('c'), done: false }),
      ],
    },
    leave('budget'),
  ],
  [
    'and resuming does not make the hour new',
    {
      taken: [
        took(50 * minute, 'pod', other('a')),
        took(40 * minute, 'workload', other('a')),
        took(30 * minute, 'pod', other('b')),
      ],
      resumedAt: now - 20 * minute,
    },
    leave('budget'),
  ],
  [
    'a pod that may not be deleted is a rung at once: its workload',
    { taken: [took(5000, 'pod', { done: false })] },
    act('workload'),
  ],
  [
    'what a person has just restarted gets its time',
    { restartedAt: now - 5 * minute },
    waitUntil(now + minute),
  ],
  ['and not more', { restartedAt: now - 6 * minute }, act('pod')],
  [
    'a clock that was set back makes no new hour',
    {
      taken: [
        took(-10 * hour, 'pod', { ...other('a'), done: false }),
        took(-10 * hour, 'pod', { ...other('b'), done: false }),
        took(-10 * hour, 'pod', { ...other('c'), done: false }),
      ],
    },
    leave('budget'),
  ],
];

describe('the ladder (fake clock)', () => {
  it.each(table)('%s', (_, change, expected) => {
    expect(nextOnLadder(input(change))).toEqual(expected);
  });

  it('acts at most three times in any hour and ends, whatever comes and goes for two days', () => {
    const taken: Taken[] = [];
    let left = 0;
    // Three troubles of one component take turns, each of them seen all the while.
    for (let at = now; at < now + 48 * hour; at += 5000) {
      const identity = `component/haproxy/${['a', 'b', 'c'][Math.floor(at / (17 * minute)) % 3] ?? ''}`;
      const isStopped = left > 0;
      const decision = nextOnLadder(input({ identity, now: at, taken, isStopped }));
      if (decision.is === 'leave' && decision.why === 'repeat') left += 1;
      if (decision.is !== 'act') continue;
      taken.push({ at, identity, rung: decision.rung, revision: '1', done: true });
    }
    expect(left).toBeGreaterThan(0);
    expect(taken.length).toBeLessThanOrEqual(6);
    for (const { at } of taken) {
      const within = taken.filter((each) => each.at >= at && each.at - at < ladderLimits.hourMs);
      expect(within.length).toBeLessThanOrEqual(3);
    }
  });
});
