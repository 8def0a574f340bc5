import { describe, expect, it } from 'vitest';
import { parseRoomId } from '../../../../src/core/ids.ts';
import { HeldGroups } from '../../../../src/platform/store/held-groups.ts';
import { alert, bodyOf, FeedFixture, kindOf, room, told } from './feed-fixture.ts';

const night = parseRoomId('!night:x.org');
const web = parseRoomId('!web:x.org');
const routes = [
  { to: 'night', severities: ['critical'] },
  { to: 'web', labels: { team: 'web' } },
] as const;
const webWarning = { alertname: 'A', severity: 'warning', team: 'web' };
const critical = { alertname: 'A', severity: 'critical', team: 'web' };
const id = (nth: number): string => nth.toString(16).padStart(16, '0');

function routed(): FeedFixture {
  const feed = new FeedFixture({ routes });
  feed.named.set('night', night);
  feed.named.set('web', web);
  return feed;
}

const placesOf = (feed: FeedFixture) =>
  feed.sent().map((item) => `${kindOf(item)} in ${item.room}`);

describe('rooms for alerts (fake clock)', () => {
  it('a group goes to the room of the first route that fits, and its edits and thread stay there', async () => {
    const feed = routed();
    await feed.take(told('A', alert({ labels: webWarning })), told('B', alert()));
    expect(placesOf(feed).sort()).toEqual([`text in ${room}`, `text in ${web}`].sort());
    await feed.take(told('A', alert({ labels: webWarning, status: 'resolved', endsAt: 9 })));
    expect(placesOf(feed).sort()).toEqual([`edit in ${web}`, `notice in thread in ${web}`]);
  });

  it('a group that becomes worse moves on; the old message says so, and nothing moves back', async () => {
    const feed = routed();
    await feed.take(told('A', alert({ labels: webWarning })));
    feed.sent();
    await feed.take(told('A', alert({ fingerprint: id(1), labels: critical })));
    const moved = feed.sent();
    expect(moved.map((item) => `${kindOf(item)} in ${item.room}`).sort()).toEqual(
      [`edit in ${web}`, `text in ${night}`].sort(),
    );
    expect(bodyOf(moved.find((item) => item.room === web) ?? never())).toContain('newer message');
    await feed.take(
      told('A', alert({ fingerprint: id(1), labels: critical, status: 'resolved', endsAt: 9 })),
    );
    await feed.take(told('A', alert({ fingerprint: id(2), labels: webWarning })));
    expect(new Set(feed.sent().map((item) => item.room))).toEqual(new Set([night]));
  });

  it('[#1] a storm is a digest in each room', async () => {
    const feed = routed();
    const storm = (team: string) =>
      Array.from({ length: 50 }, (_, nth) => {
        const labels = { alertname: `${team}${nth}`, team };
        return told(`${team}${nth}`, alert({ fingerprint: id(nth), labels }));
      });
    await feed.take(...storm('web'), ...storm('other'));
    expect(placesOf(feed).sort()).toEqual([`text in ${room}`, `text in ${web}`].sort());
  });

  it('a room that can not be used: the admin room has it, and says where it belongs', async () => {
    const feed = routed();
    feed.named.delete('web');
    await feed.take(told('A', alert({ labels: webWarning })));
    const [item] = feed.sent();
    expect(item?.room).toBe(room);
    expect(bodyOf(item ?? never())).toContain('“web”');
    // Once it can be used again, what is new goes there.
    feed.named.set('web', web);
    await feed.take(told('A', alert({ fingerprint: id(1), labels: webWarning })));
    expect(placesOf(feed)).toContain(`text in ${web}`);
  });

  it('what a room refuses for good is told in the admin room, whatever it was', async () => {
    for (const isThread of [false, true]) {
      const feed = routed();
      await feed.take(told('A', alert({ labels: webWarning })));
      if (isThread) {
        feed.sent();
        await feed.take(told('A', alert({ fingerprint: id(1), labels: webWarning })));
      }
      const item = feed.waiting().find((each) => kindOf(each).startsWith('text'));
      expect(feed.refuse(item ?? never(), web)).toBe(true);
      feed.named.delete('web');
      feed.sent();
      await feed.turn();
      const again = feed.sent();
      expect(again.map((each) => each.room)).toEqual([room]);
      expect(bodyOf(again[0] ?? never())).toContain(isThread ? '2 firing' : '1 firing');
    }
  });

  it('what fires and is shown where the bot lives no more is told again elsewhere; what is over is not', async () => {
    const feed = routed();
    await feed.take(told('A', alert({ labels: webWarning })), told('B', alert()));
    await feed.take(told('O', alert({ labels: webWarning })));
    await feed.take(told('O', alert({ labels: webWarning, status: 'resolved', endsAt: 9 })));
    feed.sent();
    feed.named.delete('web');
    new HeldGroups(feed.database).loseAllBut([room, night]);
    await feed.turn();
    const again = feed.sent();
    expect(again.map((item) => `${kindOf(item)} in ${item.room}`)).toEqual([`text in ${room}`]);
    expect(bodyOf(again[0] ?? never())).toContain('warning: A');
  });

  it('what the admin room refuses is tried again there after a minute, not in a loop', async () => {
    const feed = new FeedFixture();
    await feed.take(told('A', alert()));
    for (let turn = 0; turn < 3; turn += 1) {
      const [item] = feed.waiting();
      expect(feed.refuse(item ?? never())).toBe(true);
      await feed.turn();
      await feed.turn();
      expect(feed.waiting()).toEqual([]);
      feed.now += 61_000;
      await feed.turn();
    }
    expect(feed.sent().map(kindOf)).toEqual(['text']);
  });
});

function never(): never {
  throw new Error('there is no such row');
}
