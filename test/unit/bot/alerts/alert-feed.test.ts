import { describe, expect, it } from 'vitest';
import type { OutboxItem } from '../../../../src/platform/store/outbox.ts';
import { alert, anna, bodyOf, FeedFixture, kindOf, told } from './feed-fixture.ts';

const hour = 3_600_000;
const critical = { alertname: 'A', severity: 'critical' };
const id = (nth: number): string => nth.toString(16).padStart(16, '0');
const manyGroups = (count: number, labels: Readonly<Record<string, string>> = {}) =>
  Array.from({ length: count }, (_, nth) =>
    told(`S${nth}`, alert({ fingerprint: id(nth), labels: { alertname: `S${nth}`, ...labels } })),
  );

describe('a group in the room (fake clock)', () => {
  it('rings when it begins and for each further alert; the rest are edits and notices', async () => {
    const feed = new FeedFixture();
    await feed.take(told('A', alert()));
    const begun = feed.sent();
    expect(begun.map(kindOf)).toEqual(['text']);
    await feed.take(told('A', alert(), alert({ fingerprint: id(1), startsAt: 2000 })));
    expect(feed.sent().map(kindOf).sort()).toEqual(['edit', 'text in thread']);
    await feed.take(told('A', alert({ status: 'resolved', endsAt: 3000 })));
    const after = feed.sent();
    expect(after.map(kindOf).sort()).toEqual(['edit', 'notice in thread']);
    expect(after.find((item) => kindOf(item) === 'edit')?.body).toMatchObject({
      target: begun[0]?.id,
    });
    await feed.take(told('A', alert({ status: 'resolved', endsAt: 3000 })));
    expect(feed.sent()).toEqual([]);
  });

  it('[#15] calls people when something critical begins, and again only after half an hour', async () => {
    const feed = new FeedFixture();
    const calls: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      const startsAt = minute * 60_000;
      await feed.take(told('A', alert({ labels: critical, startsAt })));
      await feed.take(
        told('A', alert({ labels: critical, startsAt, status: 'resolved', endsAt: startsAt + 1 })),
      );
      const called = feed.sent().filter(({ body }) => {
        const mentions = 'content' in body ? body.content['m.mentions'] : null;
        return JSON.stringify(mentions) === JSON.stringify({ user_ids: [anna] });
      });
      if (called.length > 0) calls.push(minute);
      feed.now += 60_000;
    }
    expect(calls).toEqual([0, 30]);
  });

  it('[#15] flapping for an hour makes one message in the room; the rest is in its thread', async () => {
    const feed = new FeedFixture();
    const sent: OutboxItem[] = [];
    for (let nth = 0; nth < 60; nth += 1) {
      await feed.take(told('A', alert({ startsAt: nth })));
      await feed.take(told('A', alert({ startsAt: nth, status: 'resolved', endsAt: nth })));
      sent.push(...feed.sent());
      feed.now += 60_000;
    }
    expect(sent.map(kindOf).filter((kind) => kind === 'text')).toHaveLength(1);
    const rung = sent.filter((item) => kindOf(item) === 'text in thread').map(bodyOf);
    expect(rung).toHaveLength(59);
    for (const body of rung) expect(body).toContain('1 alert fires again');
  });

  it('what has not fired before does not fire "again"', async () => {
    const feed = new FeedFixture();
    await feed.take(told('A', alert()));
    await feed.take(told('A', alert({ status: 'resolved', endsAt: 3000 })));
    feed.sent();
    const anew = (nth: number) => alert({ startsAt: 4000, fingerprint: id(nth) });
    await feed.take(told('A', anew(1)));
    expect(feed.sent().map(bodyOf).join()).toContain('1 more alert fires');
    await feed.take(told('A', alert({ startsAt: 4000 }), anew(2)));
    expect(feed.sent().map(bodyOf).join()).toContain('2 more alerts fire, some of them again');
  });

  it('begins a new message when the old one is older than a day or was removed', async () => {
    const feed = new FeedFixture();
    await feed.take(told('A', alert()));
    feed.sent();
    feed.now += 25 * hour;
    await feed.take(told('A', alert({ fingerprint: id(1) })));
    const [fresh] = feed.sent().filter((item) => kindOf(item) === 'text');
    expect(fresh).toBeDefined();
    if (fresh !== undefined) feed.remove(fresh);
    await feed.take(told('A', alert({ fingerprint: id(2) })));
    expect(feed.sent().map(kindOf)).toContain('text');
  });

  it('tells of what was over before anybody heard of it, and rings nobody for it', async () => {
    const feed = new FeedFixture();
    await feed.take(told('A', alert()), told('A', alert({ status: 'resolved', endsAt: 3000 })));
    expect(feed.sent().map(kindOf)).toEqual(['notice']);
  });

  it('[#3] shows what was over by the time that it is told, though it was taken in a moment before', async () => {
    const feed = new FeedFixture();
    feed.tickMs = 7;
    const short = alert({ fingerprint: id(1), status: 'resolved', endsAt: 3000 });
    await feed.take(told('A', alert(), alert({ fingerprint: id(1) })), told('A', short));
    expect(feed.sent().map(bodyOf).join()).toContain('1 firing, 1 over');
  });

  it('rings again where Alertmanager has what it told to be over; a replay does nothing', async () => {
    const feed = new FeedFixture();
    await feed.take(told('A', alert()));
    await feed.take(told('A', alert({ status: 'resolved', endsAt: 3000 })));
    feed.sent();
    feed.evidence = () => 'absent';
    await feed.take(told('A', alert()));
    expect(feed.sent()).toEqual([]);
    feed.evidence = () => 'active';
    await feed.take(told('A', alert()));
    expect(feed.sent().map(kindOf).sort()).toEqual(['edit', 'text in thread']);
  });

  it('says of what began anew, though nobody told of its end, that it did', async () => {
    const feed = new FeedFixture();
    await feed.take(told('A', alert()));
    await feed.take(told('A', alert({ startsAt: 2000 })));
    const said = feed.sent().map(bodyOf).join();
    expect(said).toContain('1 firing, 1 over');
    expect(said).toContain('over: began anew,');
  });

  it('[#14] ends within two minutes what Alertmanager has not any more, and says so', async () => {
    const feed = new FeedFixture();
    await feed.take(told('A', alert()));
    feed.sent();
    feed.evidence = () => 'unknown';
    feed.now += 70_000;
    await feed.turn();
    expect(feed.sent()).toEqual([]);
    feed.evidence = () => 'absent';
    feed.now += 60_000;
    await feed.turn();
    const after = feed.sent();
    expect(after.map(kindOf).sort()).toEqual(['edit', 'notice in thread']);
    expect(after.map(bodyOf).join('\n')).toContain('no longer reported');
  });
});

describe('[#1] a storm (fake clock)', () => {
  it('of 500 groups is one digest, and its end edits that', async () => {
    const feed = new FeedFixture();
    await feed.take(...manyGroups(500));
    const begun = feed.sent();
    expect(begun.map(kindOf)).toEqual(['text']);
    expect(bodyOf(begun[0] ?? never())).toContain('500 firing in 500 groups');
    const ends = manyGroups(500).map((each) => ({
      ...each,
      alerts: each.alerts.map((one) => ({ ...one, status: 'resolved' as const, endsAt: 3000 })),
    }));
    await feed.take(...ends);
    const after = feed.sent();
    expect(after.map(kindOf)).toEqual(['edit']);
    expect(bodyOf(after[0] ?? never())).toContain('all over');
  });

  it('counts all, also what is more than a thousand: groups, what fires and what is over', async () => {
    const feed = new FeedFixture();
    const alerts = Array.from({ length: 1100 }, (_, nth) => alert({ fingerprint: id(2000 + nth) }));
    await feed.take(...manyGroups(1100), told('S0', ...alerts));
    const [digest] = feed.sent();
    expect(bodyOf(digest ?? never())).toContain('2,200 firing in 1,100 groups');
    expect(bodyOf(digest ?? never())).toContain('+1,080 more');
    feed.now += 121_000;
    const over = alerts.map((one) => ({ ...one, status: 'resolved' as const, endsAt: 3000 }));
    await feed.take(told('S0', ...over.slice(1)), told('S0', alert({ fingerprint: id(99) })));
    const own = feed.sent().find((item) => kindOf(item) === 'text');
    expect(bodyOf(own ?? never())).toContain('3 firing, 1,099 over');
  });

  it('[#3] counts what was over before it could be told', async () => {
    const feed = new FeedFixture();
    feed.tickMs = 7;
    const all = manyGroups(30);
    const ended = all.slice(0, 9).map((each) => ({
      ...each,
      alerts: each.alerts.map((one) => ({ ...one, status: 'resolved' as const, endsAt: 3000 })),
    }));
    await feed.take(...all, ...ended);
    const [digest] = feed.sent();
    expect(bodyOf(digest ?? never())).toContain('21 firing in 21 groups');
    expect(bodyOf(digest ?? never())).toContain('9 alerts');
  });

  it('leaves a critical group a message of its own, and five at most', async () => {
    const feed = new FeedFixture();
    await feed.take(...manyGroups(100), ...manyGroups(1, { severity: 'critical', x: 'y' }));
    await feed.take(
      ...Array.from({ length: 19 }, (_, nth) =>
        told(`C${nth}`, alert({ fingerprint: id(1000 + nth), labels: critical })),
      ),
      told(
        'Many',
        ...Array.from({ length: 60 }, (_, nth) =>
          alert({ fingerprint: id(2000 + nth), labels: critical }),
        ),
      ),
    );
    const sent = feed.sent();
    const kinds = sent.map(kindOf);
    expect(kinds.filter((kind) => kind === 'text')).toHaveLength(6);
    // The digest, once more for the critical ones that it has to take.
    expect(kinds.filter((kind) => kind === 'text in thread')).toHaveLength(1);
    expect(sent.map(bodyOf).join()).toMatch(/ 7[45] more alerts fire/);
  });

  it('is over two minutes after the last group has joined: then a group has its own message again', async () => {
    const feed = new FeedFixture();
    await feed.take(...manyGroups(20));
    feed.sent();
    feed.now += 121_000;
    await feed.take(told('S3', alert({ fingerprint: id(99) })));
    expect(feed.sent().map(kindOf).sort()).toEqual(['edit', 'text']);
  });
});

describe('what senders write (fake clock)', () => {
  it('[#10] is text: no markup, no mention, no link but http(s)', async () => {
    const feed = new FeedFixture();
    const summary =
      '<script>alert(1)</script> **bold** @room \u202Eevil https://matrix.to/#/@anna:x.org';
    await feed.take(
      told('A', alert({ annotations: { summary }, generatorUrl: 'javascript:alert(1)' })),
    );
    const [item] = feed.sent();
    const content = item !== undefined && 'content' in item.body ? item.body.content : {};
    const html = JSON.stringify(content['formatted_body']);
    expect(html).not.toMatch(/<script|javascript:|<a |\u202e/i);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('<code>');
    expect(content['m.mentions']).toEqual({});
  });

  it.each([
    ['[#2] 10 000 alerts in one post', 10_000, 'x'],
    ['[#11] annotations of 4000 wide characters', 50, '🔥'.repeat(2000)],
  ])('%s: one message that any home server takes, also as an edit', async (_what, count, text) => {
    const feed = new FeedFixture();
    const alerts = Array.from({ length: count }, (_, nth) =>
      alert({ fingerprint: id(nth), annotations: { summary: text }, labels: { alertname: text } }),
    );
    const began = performance.now();
    await feed.take(told('A', ...alerts));
    process.stdout.write(`${count} alerts: ${Math.round(performance.now() - began)} ms\n`);
    const sent = feed.sent();
    expect(sent.map(kindOf)).toEqual(['text']);
    expect(Buffer.byteLength(JSON.stringify(sent[0]?.body))).toBeLessThan(20_000);
    expect(bodyOf(sent[0] ?? never())).toContain('more');
  });
});

function never(): never {
  throw new Error('there is no such row');
}
