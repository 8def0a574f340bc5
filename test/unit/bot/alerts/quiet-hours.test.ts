import { describe, expect, it } from 'vitest';
import { alert, bodyOf, FeedFixture, kindOf, told } from './feed-fixture.ts';

const hour = 3_600_000;
const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
/** Of a winter night: 21:30 UTC is 22:30 there. */
const night = Date.parse('2026-01-15T21:30:00Z');
const critical = { alertname: 'C', severity: 'critical' };
const id = (nth: number): string => nth.toString(16).padStart(16, '0');

function atNight(): FeedFixture {
  const feed = new FeedFixture({ quietHours });
  feed.now = night;
  return feed;
}

/** On a busy machine one turn may be over before it comes to what waits. */
async function untilMorning(feed: FeedFixture): Promise<void> {
  // 07:00 there.
  feed.now = Date.parse('2026-01-16T06:00:00Z');
  for (let nth = 0; nth < 20 && feed.waiting().length === 0; nth += 1) await feed.turn();
}

describe('quiet hours (fake clock)', () => {
  it('delay what is not critical; at their end what fires is told, what is over is a line each', async () => {
    const feed = atNight();
    for (const name of ['A', 'B', 'C']) await feed.take(told(name, alert()));
    await feed.take(told('A', alert({ status: 'resolved', endsAt: 9 })));
    expect(feed.sent()).toEqual([]);
    feed.now += 8 * hour;
    await feed.turn();
    expect(feed.sent()).toEqual([]);
    // 07:00 there.
    feed.now = Date.parse('2026-01-16T06:00:00Z');
    await feed.turn();
    const morning = feed.sent();
    expect(morning.map(kindOf).sort()).toEqual(['notice', 'text', 'text']);
    const summary = bodyOf(morning.find((item) => kindOf(item) === 'notice') ?? never());
    expect(summary).toContain('3 groups');
    expect(summary).toContain('2 of them still fire');
    expect(summary.match(/✅/g)).toHaveLength(1);
    await feed.turn();
    expect(feed.sent()).toEqual([]);
  });

  it('what was over in the night is in the message of its group that still fires', async () => {
    const feed = atNight();
    await feed.take(told('A', alert({ fingerprint: id(1), labels: { alertname: 'Short' } })));
    const ended = { status: 'resolved', endsAt: 9 } as const;
    await feed.take(
      told('A', alert({ fingerprint: id(1), labels: { alertname: 'Short' }, ...ended })),
    );
    feed.now += 3 * hour;
    await feed.take(told('A', alert()));
    feed.now = Date.parse('2026-01-16T06:00:00Z');
    await feed.turn();
    expect(feed.sent().map(bodyOf).join()).toContain('1 firing, 1 over');
  });

  it('tell in the morning what fired and was over within a second', async () => {
    const feed = atNight();
    feed.tickMs = 7;
    await feed.take(told('A', alert()), told('A', alert({ status: 'resolved', endsAt: 9 })));
    await untilMorning(feed);
    const [summary, ...others] = feed.sent().map(bodyOf);
    expect(others).toEqual([]);
    expect(summary).toContain('1 group of alerts is told of only now; 0 of them still fire');
    expect(summary).toContain('✅ warning A');
  });

  it('ring in the morning for what was new though it was taken in a moment before it waited', async () => {
    const feed = new FeedFixture({ quietHours });
    feed.now = night - hour;
    await feed.take(told('A', alert()));
    feed.now = night;
    feed.tickMs = 7;
    await feed.take(told('A', alert({ fingerprint: id(1) })));
    feed.sent();
    await untilMorning(feed);
    expect(feed.sent().map(bodyOf).join()).toContain('1 more alert fires');
  });

  it('sum up in good grammar: one still fires', async () => {
    const feed = atNight();
    for (const name of ['A', 'B']) await feed.take(told(name, alert()));
    await feed.take(told('A', alert({ status: 'resolved', endsAt: 9 })));
    await untilMorning(feed);
    expect(feed.sent().map(bodyOf).join()).toContain('1 of them still fires');
  });

  it('let what is critical through at once, and with it what waits in its group', async () => {
    const feed = atNight();
    await feed.take(told('A', alert()));
    expect(feed.sent()).toEqual([]);
    await feed.take(told('A', alert({ fingerprint: id(1), labels: critical })));
    const [item, ...others] = feed.sent();
    expect(others).toEqual([]);
    expect(bodyOf(item ?? never())).toContain('2 firing');
    feed.now += 12 * hour;
    await feed.turn();
    expect(feed.sent()).toEqual([]);
  });

  it.each([
    ['at their end', []],
    ['with what is critical', [alert({ fingerprint: id(5000), labels: critical })]],
  ])('count all that had to wait and rings %s', async (_when, loud) => {
    const feed = new FeedFixture({ quietHours });
    feed.now = night - hour;
    await feed.take(told('A', alert()));
    feed.now = night;
    const waiting = Array.from({ length: 1100 }, (_, nth) =>
      alert({ fingerprint: id(nth + 1000) }),
    );
    await feed.take(told('A', ...waiting.slice(0, 1040)));
    feed.sent();
    await feed.take(told('A', ...waiting, ...loud));
    if (loud.length === 0) {
      feed.sent();
      await untilMorning(feed);
    }
    const bodies = feed.sent().map(bodyOf).join();
    expect(bodies).toContain(`: 1,10${loud.length} more alerts fire`);
  });

  it('what is shown already is edited, and rings in the morning for what was new', async () => {
    const feed = new FeedFixture({ quietHours });
    feed.now = night - hour;
    await feed.take(told('A', alert()));
    expect(feed.sent().map(kindOf)).toEqual(['text']);
    feed.now = night;
    await feed.take(told('A', alert(), alert({ fingerprint: id(1) })));
    expect(feed.sent().map(kindOf)).toEqual(['edit']);
    await feed.take(told('A', alert({ status: 'resolved', endsAt: 9 })));
    expect(feed.sent().map(kindOf)).toEqual(['edit']);
    feed.now += 12 * hour;
    await feed.turn();
    const morning = feed.sent();
    expect(morning.map(kindOf)).toEqual(['text in thread']);
    expect(bodyOf(morning[0] ?? never())).toContain('1 more alert fires');
  });
});

function never(): never {
  throw new Error('there is no such row');
}
