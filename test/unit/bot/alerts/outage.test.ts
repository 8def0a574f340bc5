import { expect, it } from 'vitest';
import { alert, bodyOf, FeedFixture, kindOf, told } from './feed-fixture.ts';

const minute = 60_000;
const groups = [0, 1, 2, 3, 4];
/** Of a group's twenty, the last six end before the home server is back. */
const isShort = (nth: number): boolean => nth % 20 >= 14;

it.each([1, 10, 60])(
  '[#3] %i min without a home server, 100 alerts of which 30 begin and end meanwhile: all of them in the room, in order, none twice (fake clock)',
  async (outage) => {
    const feed = new FeedFixture();
    const post = (group: number, hasEnded: boolean) =>
      feed.take(
        told(
          `Group${group}`,
          ...Array.from({ length: 20 }, (_, at) => {
            const nth = 20 * group + at;
            const ended = hasEnded && isShort(nth);
            return alert({
              labels: { alertname: `Group${group}`, severity: 'warning', nth: `n${nth}n` },
              fingerprint: nth.toString(16).padStart(16, '0'),
              ...(ended ? { status: 'resolved', endsAt: feed.now } : {}),
            });
          }),
        ),
      );
    const step = Math.round((outage * minute) / 11);
    for (const hasEnded of [false, true]) {
      for (const group of groups) {
        await post(group, hasEnded);
        feed.now += step;
        await feed.turn();
      }
    }
    feed.now += step;
    await feed.turn();

    const sent = feed.sent();
    expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
    const roots = sent.filter((item) => kindOf(item) === 'text');
    expect(roots).toHaveLength(groups.length);
    for (const group of groups) {
      const own = sent.filter((item) => bodyOf(item).includes(`Group${group}`));
      expect(own.map(({ sequence }) => sequence)).toEqual(
        own.map(({ sequence }) => sequence).sort((a, b) => a - b),
      );
      expect(kindOf(own[0] ?? expect.fail('nothing of this group'))).toBe('text');
    }
    const lines = sent.flatMap((item) => bodyOf(item).split('\n'));
    for (let nth = 0; nth < 100; nth += 1) {
      const about = lines.filter((line) => line.includes(`n${nth}n`));
      expect(about.length, `alert ${nth}`).toBeGreaterThan(0);
      // What is over is marked as that, wherever it was said last.
      expect(about.at(-1)?.includes('✅'), `alert ${nth}: ${about.at(-1) ?? ''}`).toBe(
        isShort(nth),
      );
    }
    feed.now += minute;
    await feed.turn();
    expect(feed.sent()).toEqual([]);
  },
);
