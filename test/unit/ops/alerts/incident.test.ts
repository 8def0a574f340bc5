import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, type Evidence, type ToldAlert } from '../../../../src/ops/alerts/incident.ts';
import { IncidentBook, type Truth } from './incident-book.ts';

const firing = (startsAt: number): ToldAlert => ({ status: 'firing', startsAt, endsAt: null });
const resolved = (startsAt: number, endsAt: number): ToldAlert => ({
  ...{ status: 'resolved', startsAt, endsAt },
});
const known = (state: 'firing' | 'resolved', endsAt: number | null = null) => ({ state, endsAt });

describe('what becomes of an alert', () => {
  it.each<[string, Parameters<typeof judge>, string]>([
    ['a new one fires', [null, null, firing(10), 'unknown'], 'opened'],
    ['a new one is over already', [null, null, resolved(10, 20), 'unknown'], 'short'],
    ['an older one is told late', [null, 30, firing(10), 'active'], 'late'],
    ['it goes on', [known('firing'), 10, firing(10), 'absent'], 'same'],
    ['it ends', [known('firing'), 10, resolved(10, 20), 'active'], 'resolved'],
    ['it ends twice', [known('resolved', 20), 10, resolved(10, 20), 'unknown'], 'same'],
    ['an end that was undone', [known('firing', 20), 10, resolved(10, 20), 'active'], 'replay'],
    ['a later end', [known('firing', 20), 10, resolved(10, 40), 'active'], 'resolved'],
    ['over, and active', [known('resolved', 20), 10, firing(10), 'active'], 'reopened'],
    ['over, and absent', [known('resolved', 20), 10, firing(10), 'absent'], 'replay'],
    ['over, nobody to ask', [known('resolved', 20), 10, firing(10), 'unknown'], 'reopened'],
    ['over, and a newer is there', [known('resolved', 20), 30, firing(10), 'active'], 'replay'],
  ])('%s', (_what, given, verdict) => {
    expect(judge(...given)).toBe(verdict);
  });
});

/** Incidents of one fingerprint, one after the other, the last maybe still firing. */
const truths = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((lengths) =>
    fc.boolean().map((isLastFiring): readonly Truth[] => {
      let at = 0;
      return lengths.map(([pause, length], index) => {
        const startsAt = at + pause;
        at = startsAt + length;
        const isOpen = isLastFiring && index === lengths.length - 1;
        return { startsAt, endsAt: isOpen ? null : at };
      });
    }),
  );

describe('[#6] incidents', () => {
  it('two replicas, each telling everything in order and some of it again: each incident rings once, and the end is true', () => {
    const history = fc.tuple(truths, fc.array(fc.nat(), { maxLength: 60 }));
    fc.assert(
      fc.property(history, ([all, replays]) => {
        const book = new IncidentBook();
        const told = all.flatMap((truth) => [
          firing(truth.startsAt),
          ...(truth.endsAt === null ? [] : [resolved(truth.startsAt, truth.endsAt)]),
        ]);
        const present: Evidence = all.at(-1)?.endsAt === null ? 'active' : 'absent';
        for (const [at, each] of told.entries()) {
          // While it goes on Alertmanager has it; what was told before may come again at any time.
          const now: Evidence = each.status === 'firing' ? 'active' : 'absent';
          book.take(each, now);
          book.take(each, now);
          for (const nth of replays.slice(at * 3, at * 3 + 3)) {
            const again = told[nth % (at + 1)];
            if (again !== undefined) book.take(again, now);
          }
        }
        for (const nth of replays) {
          const again = told[nth % told.length];
          if (again !== undefined) book.take(again, present);
        }
        for (const truth of all) expect(book.rung(truth.startsAt)).toBe(1);
        expect(book.stateOf(all)).toBe(present === 'active' ? 'firing' : 'resolved');
      }),
    );
  });

  it('in any order and any number of times: no incident rings twice, and a late firing reopens nothing', () => {
    const shuffled = truths.chain((all) => {
      const told = all.flatMap((truth) => [
        firing(truth.startsAt),
        ...(truth.endsAt === null ? [] : [resolved(truth.startsAt, truth.endsAt)]),
      ]);
      const ten = Array.from({ length: 10 }, () => told).flat();
      return fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(ten, { minLength: ten.length, maxLength: ten.length }),
      );
    });
    fc.assert(
      fc.property(shuffled, ([all, told]) => {
        const book = new IncidentBook();
        const isOpen = all.at(-1)?.endsAt === null;
        for (const each of told) book.take(each, isOpen ? 'active' : 'absent');
        for (const truth of all) expect(book.rung(truth.startsAt)).toBeLessThanOrEqual(1);
        expect(book.stateOf(all)).toBe(isOpen ? 'firing' : 'resolved');
      }),
    );
  });
});
