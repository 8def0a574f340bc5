import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UnderWay } from '../../../../src/bot/alerts/under-way.ts';
import { Deferred } from '../../../../src/commands/jobs/deferred.ts';
import { alert, FeedFixture, told } from './feed-fixture.ts';
import { openIntake } from './intake-fixture.ts';
import { posted, postedAlert } from './payloads.ts';

const someTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
};

/** Whether it has settled within some turns. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let isOver = false;
  void promise.then(() => {
    isOver = true;
  });
  await someTurns();
  return isOver;
};

describe('who waits for an answer goes first', () => {
  it('the room is told when nobody waits any more', async () => {
    const answered = new Deferred<void>();
    const feed = new FeedFixture({ idle: () => answered.promise });
    const turn = feed.take(told('Storm', alert()));
    expect(await isSettled(turn)).toBe(false);
    expect(feed.waiting()).toEqual([]);
    answered.resolve(undefined);
    await turn;
    expect(feed.waiting()).toHaveLength(1);
  });

  it('the intake knows of posts that are not answered, but not of large ones, which take their time', async () => {
    const written = new Deferred<void>();
    const { post, idle } = openIntake(() => written.promise);
    await idle(60_000);
    const alerts = Array.from({ length: 2000 }, () => postedAlert());
    const large = post(posted({ alerts }));
    await someTurns();
    await idle(60_000);
    const small = post(posted());
    await someTurns();
    const waiting = idle(60_000);
    expect(await isSettled(waiting)).toBe(false);
    written.resolve(undefined);
    await waiting;
    expect(await Promise.all([large, small])).toEqual([200, 200]);
  });
});

describe('work that is under way', () => {
  it('is waited for until all of it has ended, however it did', async () => {
    const underWay = new UnderWay();
    const [one, other] = [new Deferred<void>(), new Deferred<void>()];
    const both = Promise.allSettled([one, other].map(({ promise }) => underWay.run(() => promise)));
    const none = underWay.none(60_000);
    one.resolve(undefined);
    expect(await isSettled(none)).toBe(false);
    other.reject(new Error('no'));
    await none;
    expect((await both).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('is not waited for longer than was said', async () => {
    const underWay = new UnderWay();
    const work = new Deferred<void>();
    const running = underWay.run(() => work.promise);
    await underWay.none(1);
    work.resolve(undefined);
    await running;
  });
});
