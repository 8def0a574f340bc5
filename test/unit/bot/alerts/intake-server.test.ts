import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIntakeServer } from '../../../../src/bot/alerts/intake-server.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { readNotification } from '../../../../src/ops/alerts/notification.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { rememberingLog } from '../quiet-log.ts';
import { posted, postedAlert } from './payloads.ts';

const token = 'a-token-of-the-test';

function intake(accept: (body: string) => Promise<void> = () => Promise.resolve()) {
  const taken: string[] = [];
  const { server, counts } = createIntakeServer({
    ...{ token: new Secret(token), tls: null, clock: systemClock, log: rememberingLog().log },
    accept: async (body) => {
      await accept(body);
      taken.push(body);
    },
  });
  onTestFinished(() => server.close());
  const post = async (
    payload: string | Buffer | object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> => {
    const answer = await server.inject({
      method: 'POST',
      url: '/alerts/alertmanager',
      payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : { ...payload },
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...headers,
      },
    });
    return answer.statusCode;
  };
  return { post, taken, counts, server };
}

describe('[#19] payloads of Alertmanager', () => {
  it.each([
    ['0.25', posted()],
    ['0.28', posted({ alerts: [postedAlert({ endsAt: '2026-11-22T12:00:00Z' })] })],
    ['0.32', posted({ notification_reason: 'new alerts added' })],
    ['0.34', posted({ notification_reason: 'repeat interval elapsed', routeLabels: { a: 'b' } })],
    ['with little in it', { version: '4', groupKey: 'k', receiver: 'r', alerts: [] }],
  ])('%s is taken', async (_version, payload) => {
    const { post, taken } = intake();
    expect(await post(payload)).toBe(200);
    expect(taken).toHaveLength(1);
  });

  it('keeps of a notification what is needed, times in ms', async () => {
    const { post, taken } = intake();
    await post(posted());
    expect(readNotification(taken[0] ?? '')).toMatchObject({
      ...{ receiver: 'urtc', groupKey: '{}:{alertname="DiskLow"}' },
      alerts: [
        {
          ...{ fingerprint: 'b2a1c3d4e5f60718', status: 'firing', endsAt: null },
          startsAt: Date.parse('2026-11-22T10:00:00.123Z'),
        },
      ],
    });
  });
});

describe('[#9] what is no notification', () => {
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
  it.each<[string, number, string | Buffer | object, Record<string, string>]>([
    ['nothing', 400, '', {}],
    ['half of a JSON', 400, '{"version":"4"', {}],
    ['a list', 400, [], {}],
    ['wrong types', 400, posted({ alerts: 'none' }), {}],
    ['no status', 400, posted({ alerts: [postedAlert({ status: undefined })] }), {}],
    ['another version', 400, posted({ version: '5' }), {}],
    ['no moment', 400, posted({ alerts: [postedAlert({ startsAt: 'soon' })] }), {}],
    ['nesting by the thousand', 400, deep, {}],
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
    const { post, taken, counts } = intake();
    expect(await post(payload, headers)).toBe(status);
    expect(taken).toEqual([]);
    expect(counts.refused).toBe(1);
    expect(await post(posted())).toBe(200);
  });

  it.each([
    ['no labels, no annotations', { labels: undefined, annotations: undefined }],
    ['NUL and half a surrogate', { labels: { alertname: 'a\0b\ud800' } }],
    ['a label of a megabyte', { labels: { alertname: 'x'.repeat(1_000_000) } }],
    ['fields that nobody knows', { more: { and: 'more' } }],
    ['a prototype', { labels: JSON.parse('{"__proto__":"x","alertname":"A"}') as unknown }],
  ])('%s: taken all the same', async (_what, fields) => {
    const { post, taken } = intake();
    expect(await post(posted({ alerts: [postedAlert(fields)] }))).toBe(200);
    expect((taken[0] ?? '').length).toBeLessThan(10_000);
    expect(readNotification(taken[0] ?? '').alerts).toHaveLength(1);
  });
});

describe('[#12] who may post', () => {
  it.each<[string, number, Record<string, string>]>([
    ['no bearer', 401, { authorization: '' }],
    ['basic in its place', 401, { authorization: `Basic ${btoa(`x:${token}`)}` }],
    ['a wrong bearer', 403, { authorization: 'Bearer wrong' }],
    ['the beginning of the right one', 403, { authorization: `Bearer ${token.slice(0, -1)}` }],
  ])('%s: %i, the body unread', async (_what, status, headers) => {
    const { post, taken } = intake();
    expect(await post('x'.repeat(6 * 1024 * 1024), headers)).toBe(status);
    expect(taken).toEqual([]);
  });

  it('a token in the address counts for nothing', async () => {
    const { server } = intake();
    const url = `/alerts/alertmanager?token=${token}`;
    const answer = await server.inject({ method: 'POST', url, payload: posted() });
    expect(answer.statusCode).toBe(401);
  });

  it('a hundred bad tries do not hold up the good sender', async () => {
    const { post, taken } = intake();
    const bad = Array.from({ length: 100 }, () => post(posted(), { authorization: 'Bearer no' }));
    const began = performance.now();
    expect(await post(posted())).toBe(200);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(new Set(await Promise.all(bad))).toEqual(new Set([403]));
    expect(taken).toHaveLength(1);
  });
});

describe('[#16] what can not be made durable', () => {
  it('is 503 and not 200 or 500, and is taken when it can be', async () => {
    let isFull = true;
    const { post, counts } = intake(() =>
      isFull ? Promise.reject(new Error('the disk is full')) : Promise.resolve(),
    );
    expect(await post(posted())).toBe(503);
    expect(counts).toMatchObject({ accepted: 0, deferred: 1 });
    isFull = false;
    expect(await post(posted())).toBe(200);
  });
});
