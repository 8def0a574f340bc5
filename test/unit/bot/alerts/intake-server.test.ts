import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readNotification } from '../../../../src/ops/alerts/notification.ts';
import { openIntake, type Sent } from './intake-fixture.ts';
import { payloads, posted, postedAlert, postedByGrafana } from './payloads.ts';
import { propertyRuns } from '../../property-runs.ts';

describe('[#19] payloads', () => {
  it.each(Object.entries(payloads))('of %s are taken', async (_who, payload) => {
    const { send, notifications } = openIntake();
    expect(await send(payload)).toBe(200);
    expect(await send(payload, { method: 'PUT', url: '/alerts/grafana' })).toBe(200);
    const [one, other] = notifications();
    expect(one?.alerts).toHaveLength(1);
    expect(other).toEqual(one);
  });

  it('with little in it is taken', async () => {
    const { send, taken } = openIntake();
    expect(await send({ version: '4', groupKey: 'k', receiver: 'r', alerts: [] })).toBe(200);
    expect(taken).toHaveLength(1);
  });

  it('of Alertmanager: keeps what is needed, times in ms', async () => {
    const { post, notifications } = openIntake();
    await post(posted());
    expect(notifications()[0]).toMatchObject({
      ...{ source: 'alertmanager', receiver: 'urtc', groupKey: '{}:{alertname="DiskLow"}' },
      alerts: [
        {
          ...{ fingerprint: 'b2a1c3d4e5f60718', status: 'firing', endsAt: null },
          startsAt: Date.parse('2026-11-22T10:00:00.123Z'),
        },
      ],
    });
  });

  it('of more than 64 labels: 64 are kept, name and severity among them, and how many there are more', async () => {
    const { send, notifications } = openIntake();
    // As Go writes them: in the order of the alphabet.
    const many = Object.fromEntries(
      Array.from({ length: 68 }, (_, nth) => [`a${String(nth).padStart(2, '0')}`, 'x']),
    );
    const labels = { ...many, alertname: 'Many', severity: 'critical' };
    const annotations = { ...many, summary: 'much is said' };
    await send(posted({ alerts: [postedAlert({ labels, annotations })] }));
    await send({ title: 'Many', severity: 'critical', labels: many }, { url: '/alerts/plain' });
    for (const { alerts } of notifications()) {
      const [kept] = alerts;
      expect(kept).toMatchObject({
        labels: { alertname: 'Many', severity: 'critical' },
        labelsLeftOut: 6,
      });
      expect(Object.keys(kept?.labels ?? {})).toHaveLength(64);
    }
    const [ofAlertmanager] = notifications();
    expect(ofAlertmanager?.alerts[0]?.annotations).toMatchObject({
      ...{ summary: 'much is said', '…': '+5' },
    });
    await send(posted());
    expect(notifications()[2]?.alerts[0]).not.toHaveProperty('labelsLeftOut');
  });

  it("of Grafana: known as Grafana's, with the panel as its link and its values where the rule says nothing", async () => {
    const { post, notifications } = openIntake();
    await post(postedByGrafana());
    await post(payloads['Grafana, by the test button']);
    expect(notifications()).toMatchObject([
      {
        source: 'grafana',
        alerts: [
          {
            startsAt: Date.parse('2026-11-22T09:51:03.157Z'),
            generatorUrl: 'http://grafana:3000/d/node?orgId=1&viewPanel=2',
            annotations: { summary: 'memory is nearly used up' },
          },
        ],
      },
      {
        source: 'grafana',
        alerts: [{ annotations: { summary: "[ metric='foo' labels={instance=bar} value=10 ]" } }],
      },
    ]);
  });

  it('what was stored before there was another source is Alertmanager’s', () => {
    const stored = { receiver: 'r', groupKey: 'k', groupLabels: {}, externalUrl: '', alerts: [] };
    expect(readNotification(JSON.stringify(stored)).source).toBe('alertmanager');
  });
});

describe('[#9] [#23] what is no notification', () => {
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
  const deepLabel = JSON.stringify(posted({ alerts: [postedAlert({ labels: { a: 'DEEP' } })] }));
  it.each<[string, number, Sent, Record<string, string>]>([
    ['nothing', 400, '', {}],
    ['half of a JSON', 400, '{"version":"4"', {}],
    ['bytes that are no text', 400, Buffer.from([0xff, 0xfe, 0, 0x7b]), {}],
    ['a list', 400, [], {}],
    ['null', 400, 'null', {}],
    ['no alerts, as a payload of one’s own has it', 400, { version: '4', text: 'x' }, {}],
    ['wrong types', 400, posted({ alerts: 'none' }), {}],
    ['an alert that is none', 400, posted({ alerts: [null] }), {}],
    ['no status', 400, posted({ alerts: [postedAlert({ status: undefined })] }), {}],
    ['labels that are a list', 400, posted({ alerts: [postedAlert({ labels: ['a'] })] }), {}],
    ['a label that is a number', 400, posted({ alerts: [postedAlert({ labels: { a: 1 } })] }), {}],
    ['another version', 400, posted({ version: '5' }), {}],
    ['no moment', 400, posted({ alerts: [postedAlert({ startsAt: 'soon' })] }), {}],
    ['nesting by the thousand', 400, deep, {}],
    ['nesting by the thousand in a label', 400, deepLabel.replace('"DEEP"', deep), {}],
    ['the last of many is wrong', 400, posted({ alerts: [...many(500), { status: 'x' }] }), {}],
    [
      'another kind of content',
      415,
      'x=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['a bomb', 415, gzipSync(Buffer.alloc(1_000_000)), { 'content-encoding': 'gzip' }],
    ['too much', 413, JSON.stringify(posted({ x: 'x'.repeat(5 * 1024 * 1024) })), {}],
    ['too many alerts', 413, posted({ alerts: Array.from({ length: 20_001 }, () => ({})) }), {}],
  ])('%s: %i, and the next good one works', async (_what, status, payload, headers) => {
    const { post, taken, counts } = openIntake();
    expect(await post(payload, headers)).toBe(status);
    expect(taken).toEqual([]);
    expect(counts.refused).toBe(1);
    expect(await post(posted())).toBe(200);
  });

  it.each([
    ['no labels, no annotations', { labels: undefined, annotations: null }],
    ['NUL and half a surrogate', { labels: { alertname: 'a\0b\ud800' } }],
    ['a label of a megabyte', { labels: { alertname: 'x'.repeat(1_000_000) } }],
    ['fields that nobody knows', { more: { and: 'more' } }],
    ['a nest in a field that nobody knows', { more: nested(500) }],
    ['a prototype', { labels: JSON.parse('{"__proto__":"x","alertname":"A"}') as unknown }],
    [
      'a prototype of its own',
      JSON.parse('{"__proto__":{"status":"x"}}') as Record<string, unknown>,
    ],
  ])('%s: taken all the same', async (_what, fields) => {
    const { post, taken, notifications } = openIntake();
    expect(await post(posted({ alerts: [postedAlert(fields)] }))).toBe(200);
    expect((taken[0] ?? '').length).toBeLessThan(10_000);
    expect(taken[0]).not.toContain('__proto__');
    expect(notifications()[0]?.alerts).toHaveLength(1);
    expect(Reflect.get({}, 'status')).toBeUndefined();
  });

  it('another way of asking, or another place: 404', async () => {
    const { send, counts } = openIntake();
    expect(await send('', { method: 'GET' })).toBe(404);
    expect(await send(posted(), { url: '/alerts/alertmanager/x' })).toBe(404);
    expect(counts.refused).toBe(2);
  });

  it('a key of a megabyte is known by its hash, and stays the same', async () => {
    const { post, taken, notifications } = openIntake();
    const key = 'k'.repeat(1_000_000);
    for (const groupKey of [key, key, `${key}2`]) await post(posted({ groupKey }));
    const keys = notifications().map(({ groupKey }) => groupKey);
    expect(new Set(keys).size).toBe(2);
    expect((taken[0] ?? '').length).toBeLessThan(10_000);
  });

  it('whatever comes: 200, 400, 413 or 415, and the next good one works', async () => {
    const { send, counts } = openIntake();
    const paths = ['/alerts/alertmanager', '/alerts/grafana', '/alerts/plain'] as const;
    const names = [
      'version',
      'groupKey',
      'receiver',
      'alerts',
      'labels',
      'title',
      'id',
      '__proto__',
    ];
    const near = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    const bodies = fc.oneof(
      fc.string(),
      fc.json({ maxDepth: 20 }),
      near.map((fields) => JSON.stringify(posted(fields))),
      near.map((fields) => JSON.stringify(posted({ alerts: [postedAlert(fields)] }))),
      near.map((fields) => JSON.stringify({ title: 'x', ...fields })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), bodies, async (url, body) => {
        expect([200, 400, 413, 415]).toContain(await send(body, { url }));
      }),
      { numRuns: propertyRuns(300) },
    );
    expect(counts.deferred).toBe(0);
    expect(await send(posted())).toBe(200);
  });
});

describe('[#2] ten thousand alerts in one post', () => {
  it('are taken in parts, and others have their turn meanwhile', async () => {
    const { post, notifications } = openIntake();
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    count();
    const sent = many(10_000);
    expect(await post(posted({ alerts: sent }))).toBe(200);
    isOver = true;
    const alerts = notifications().flatMap((part) => part.alerts);
    expect(alerts.map(({ fingerprint }) => fingerprint)).toEqual(
      sent.map(({ fingerprint }) => fingerprint),
    );
    expect(Math.max(...notifications().map((part) => part.alerts.length))).toBe(100);
    process.stdout.write(`10 000 alerts: the others had ${turns} turns meanwhile\n`);
    expect(turns).toBeGreaterThan(3);
  });
});

function many(count: number) {
  return Array.from({ length: count }, (_, nth) =>
    postedAlert({ fingerprint: nth.toString(16).padStart(16, '0') }),
  );
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}
