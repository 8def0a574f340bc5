import { describe, expect, it } from 'vitest';
import { readPlainPayload } from '../../../../src/ops/alerts/plain-payload.ts';
import type { Notification } from '../../../../src/ops/alerts/notification.ts';
import { alert, anna, bodyOf, FeedFixture, kindOf, told } from './feed-fixture.ts';
import { openIntake } from './intake-fixture.ts';

const url = '/alerts/plain';
const day = 24 * 3_600_000;

describe('a plain alert at the port', () => {
  it.each<[string, number, object]>([
    ['a title', 200, { title: 'backup failed' }],
    [
      'all that there is',
      200,
      {
        ...{ title: 'backup failed', text: 'no space', severity: 'critical', id: 'backup' },
        ...{ status: 'resolved', labels: { job: 'backup' }, url: 'https://example.org/log' },
      },
    ],
    ['no title', 400, { text: 'no space' }],
    ['a title of blanks', 400, { title: '  ' }],
    ['a status of its own', 400, { title: 'x', status: 'ok' }],
    ['labels that are none', 400, { title: 'x', labels: { a: 1 } }],
  ])('%s: %i', async (_what, status, payload) => {
    const { send } = openIntake();
    expect(await send(payload, { url })).toBe(status);
  });

  it('is the same kind of thing as any other', async () => {
    const { send, notifications } = openIntake();
    const sent = { title: 'backup failed', text: 'no space', severity: 'critical' };
    await send({ ...sent, labels: { job: 'backup', severity: 'none' } }, { url });
    expect(notifications()).toMatchObject([
      {
        ...{ source: 'plain', receiver: 'plain', groupKey: 'backup failed' },
        alerts: [
          {
            labels: { alertname: 'backup failed', severity: 'critical', job: 'backup' },
            annotations: { summary: 'no space' },
          },
        ],
      },
    ]);
  });
});

/** What the port makes of what a script sends. */
function partsOf(feed: FeedFixture, body: object): readonly Notification[] {
  const read = readPlainPayload(body, feed.now);
  if (read.kind !== 'ok') throw new Error(read.kind);
  return read.parts;
}
async function say(feed: FeedFixture, body: object): Promise<readonly string[]> {
  await feed.take(...partsOf(feed, body));
  feed.now += 60_000;
  return feed.sent().map((item) => `${kindOf(item)}: ${bodyOf(item)}`);
}
const kindsOf = (sent: readonly string[]) => sent.map((text) => text.split(':')[0]).sort();

describe('a plain alert in the room (fake clock)', () => {
  const sent = { title: 'backup failed', text: 'no space', severity: 'warning', id: 'backup' };

  it('rings once, however often it is said, until it was over', async () => {
    const feed = new FeedFixture();
    expect(kindsOf(await say(feed, sent))).toEqual(['text']);
    expect(await say(feed, sent)).toEqual([]);
    expect(await say(feed, { ...sent, title: 'backup failed again' })).toEqual([]);
    const over = await say(feed, { title: 'fine', id: 'backup', status: 'resolved' });
    expect(kindsOf(over)).toEqual(['edit', 'notice in thread']);
    expect(over.join()).toContain('all over');
    expect(await say(feed, { title: 'fine', id: 'backup', status: 'resolved' })).toEqual([]);
    expect(kindsOf(await say(feed, sent))).toEqual(['edit', 'text in thread']);
  });

  it('rings when it gets worse, and calls people where it becomes critical; milder is an edit', async () => {
    const feed = new FeedFixture();
    await say(feed, { ...sent, severity: 'info' });
    const worse = await say(feed, { ...sent, text: 'less space' });
    expect(kindsOf(worse)).toEqual(['edit', 'text in thread']);
    expect(worse.join()).toContain('🟠 warning: 1 alert has become worse');
    expect(worse.join()).toMatch(/1 firing, 0 over[^]*warning backup failed: less space/);
    await feed.take(...partsOf(feed, { ...sent, severity: 'critical' }));
    const critical = feed.sent();
    expect(critical.map(bodyOf).join()).toContain('🔴 critical: 1 alert has become worse');
    expect(JSON.stringify(critical)).toContain(`"user_ids":["${anna}"]`);
    const milder = await say(feed, { ...sent, severity: 'info' });
    expect(kindsOf(milder)).toEqual(['edit']);
    expect(milder.join()).toMatch(/info: backup failed[^]*1 firing, 0 over/);
    for (let half = 0; half < 2; half += 1) {
      feed.now += 13 * 3_600_000;
      await say(feed, { ...sent, severity: 'info' });
    }
    // By now in a message of its own.
    await feed.take(...partsOf(feed, { ...sent, severity: 'critical' }));
    const [again] = feed.sent().filter((item) => kindOf(item) === 'text');
    expect(JSON.stringify(again)).toContain(`"user_ids":["${anna}"]`);
    await say(feed, { title: 'fine', id: 'backup', status: 'resolved' });
    expect(feed.incidents.allFiring()).toBe(0);
  });

  it('that nobody has heard of yet is new, whatever it became meanwhile', async () => {
    const feed = new FeedFixture();
    const all = ['info', 'critical', 'warning'].map((severity) => ({ ...sent, severity }));
    await feed.take(...all.flatMap((each) => partsOf(feed, each)));
    const said = feed.sent();
    expect(said.map(kindOf)).toEqual(['text']);
    expect(said.map(bodyOf).join()).toMatch(/🟠 warning: backup failed[^]*1 firing, 0 over/);
  });

  it('in quiet hours rings in the morning for what has become worse, and says so', async () => {
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    const feed = new FeedFixture({ quietHours });
    feed.now = Date.parse('2026-01-15T20:30:00Z');
    await say(feed, { ...sent, severity: 'info' });
    feed.now = Date.parse('2026-01-15T21:30:00Z');
    expect(kindsOf(await say(feed, sent))).toEqual(['edit']);
    feed.now = Date.parse('2026-01-16T06:00:00Z');
    for (let nth = 0; nth < 20 && feed.waiting().length === 0; nth += 1) await feed.turn();
    expect(feed.sent().map(bodyOf).join()).toContain('warning: 1 alert has become worse');
  });

  it('that is fine with every run of a script means nothing', async () => {
    const feed = new FeedFixture();
    for (let run = 0; run < 5; run += 1) {
      expect(await say(feed, { title: 'backup', status: 'resolved' })).toEqual([]);
    }
  });

  it('that was forgotten is over after a day', async () => {
    const feed = new FeedFixture();
    await say(feed, sent);
    feed.now += day - 120_000;
    await feed.turn();
    expect(feed.sent()).toEqual([]);
    feed.now += 180_000;
    await feed.turn();
    expect(feed.sent().map(bodyOf).join()).toContain('no longer reported');
  });
});

describe('what Alertmanager does not know of (fake clock)', () => {
  it('it is not asked about: its list ends nothing of Grafana or of a script', async () => {
    const feed = new FeedFixture();
    feed.evidence = () => 'absent';
    const grafana = { ...told('G', alert()), source: 'grafana' as const };
    await feed.take(told('A', alert()), grafana);
    await say(feed, { title: 'backup failed' });
    feed.sent();
    feed.now += 120_000;
    await feed.turn();
    expect(feed.incidents.allFiring()).toBe(2);
    expect(feed.sent().map(bodyOf).join()).toContain('no longer reported');
  });

  it('nor when it fires again after its end: it rings', async () => {
    const feed = new FeedFixture();
    feed.evidence = () => 'absent';
    const grafana = (fields: object) => ({
      ...told('G', alert(fields)),
      source: 'grafana' as const,
    });
    await feed.take(grafana({}));
    await feed.take(grafana({ status: 'resolved', endsAt: 3000 }));
    feed.sent();
    await feed.take(grafana({}));
    expect(feed.sent().map(kindOf)).toContain('text in thread');
  });
});
