import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createAlertWitness } from '../../../../src/bot/daemon/alert-witness.ts';
import type { Evidence } from '../../../../src/ops/alerts/incident.ts';
import { AlertmanagerApi } from '../../../../src/platform/alertmanager/alertmanager-api.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import { alertsSchema } from '../../../../src/platform/config/alerts-schema.ts';
import { alert, bodyOf, FeedFixture, told } from '../alerts/feed-fixture.ts';
import { rememberingLog } from '../quiet-log.ts';

const known = '00000000000000aa';
const unknown = '00000000000000bb';
const minute = 60_000;

/** What the made-up Alertmanager answers; a text is sent as it is. */
interface Answers {
  readonly alerts?: readonly object[] | string;
  readonly status?: object | string;
  readonly code?: number;
}

/** A made-up Alertmanager on the loopback, and the bot's witness by a config that names its address only. */
async function ask(clock: Clock, answers: Answers, config: object = {}) {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url.replace(/\?.*/, ''));
    const body = url.startsWith('/api/v2/alerts') ? answers.alerts : answers.status;
    response.statusCode = answers.code ?? 200;
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? []));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  const url = `http://127.0.0.1:${port}`;
  const token = { file: 'alerts-token' };
  const settings = alertsSchema.parse({ token, alertmanager: { url, ...config } });
  const { log, lines } = rememberingLog();
  const witness = createAlertWitness({ settings, api: new AlertmanagerApi(url), clock, log });
  return { witness, asked, lines, close };
}

const at = (now: number): Clock => ({
  now: () => now,
  monotonic: () => 0,
  sleep: () => Promise.resolve(),
});
const now = Date.parse('2026-11-22T12:00:00Z');
const upFor = (ms: number): object => ({ uptime: new Date(now - ms).toISOString() });
const has = [{ fingerprint: known }];
const { signal } = new AbortController();

describe('[#6] what Alertmanager’s list says, where the config names its address only (fake Alertmanager API, fake clock)', () => {
  it.each<[string, Evidence, Evidence, Answers]>([
    ['up for 4:59.999', 'active', 'unknown', { alerts: has, status: upFor(5 * minute - 1) }],
    ['up for 5:00', 'active', 'absent', { alerts: has, status: upFor(5 * minute) }],
    ['up for a second', 'active', 'unknown', { alerts: has, status: upFor(1000) }],
    ['an empty list', 'absent', 'absent', { alerts: [], status: upFor(6 * minute) }],
    ['a start in an hour', 'unknown', 'unknown', { alerts: [], status: upFor(-60 * minute) }],
  ])('%s: what is in it is %s, what is not is %s', async (_what, listed, other, answers) => {
    const { witness, lines } = await ask(at(now), answers);
    const say = await witness(signal);
    expect([say(known), say(unknown)]).toEqual([listed, other]);
    expect(lines).toEqual([]);
  });

  it.each<[string, Answers]>([
    ['500', { alerts: has, status: upFor(6 * minute), code: 500 }],
    ['404', { alerts: has, status: upFor(6 * minute), code: 404 }],
    ['a page of a proxy', { alerts: '<html>', status: upFor(6 * minute) }],
    ['half of a list', { alerts: '[{"finger', status: upFor(6 * minute) }],
    ['no start', { alerts: has, status: {} }],
    ['a start that is no moment', { alerts: has, status: { uptime: 'x' } }],
  ])('%s: nothing is known, and the log says so', async (_what, answers) => {
    const { witness, lines } = await ask(at(now), answers);
    const say = await witness(signal);
    expect([say(known), say(unknown)]).toEqual(['unknown', 'unknown']);
    expect(lines).toMatchObject([{ level: 'warn', message: 'Alertmanager can not be asked' }]);
  });

  it('asks for the list before the start: one that begins in between looks young, not complete', async () => {
    const { witness, asked } = await ask(at(now), { alerts: has, status: upFor(6 * minute) });
    await witness(signal);
    expect(asked).toEqual(['/api/v2/alerts', '/api/v2/status']);
  });

  it('nobody answers: nothing is known, and the log says so; without an address nobody is asked', async () => {
    const { witness, close, lines } = await ask(at(now), {});
    close();
    expect((await witness(signal))(known)).toBe('unknown');
    expect(lines).toMatchObject([{ level: 'warn', message: 'Alertmanager can not be asked' }]);
    const silent = createAlertWitness({
      settings: {},
      ...{ api: null, clock: at(now), log: rememberingLog().log },
    });
    expect((await silent(signal))(known)).toBe('unknown');
  });

  it('whoever stops the bot is not told that nothing is known', async () => {
    const { witness } = await ask(at(now), { alerts: has, status: upFor(6 * minute) });
    await expect(witness(AbortSignal.abort())).rejects.toThrow('aborted');
  });

  it('another time in the config counts in its place', async () => {
    const young = { alerts: has, status: upFor(minute) };
    const { witness } = await ask(at(now), young, { trustAfterSeconds: 60 });
    expect((await witness(signal))(unknown)).toBe('absent');
  });
});

describe('[#6] firing, resolved, firing with the same beginning (fake Alertmanager API, fake clock)', () => {
  it.each<[string, boolean, Answers | null]>([
    ['it has the alert', true, { alerts: has, status: upFor(60 * minute) }],
    ['it has not, up for 5:00', false, { alerts: [], status: upFor(5 * minute) }],
    ['it has not, up for 4:59.999', true, { alerts: [], status: upFor(5 * minute - 1) }],
    ['it answers 503', true, { alerts: [], status: upFor(60 * minute), code: 503 }],
    ['nobody answers', true, null],
  ])('%s: told again, %s', async (_what, isTold, answers) => {
    const feed = new FeedFixture();
    const ended = alert({ status: 'resolved', endsAt: 2000 });
    await feed.take(told('A', alert()));
    await feed.take(told('A', ended));
    feed.sent();
    const { witness, close } = await ask(at(now), answers ?? {});
    if (answers === null) close();
    feed.evidence = await witness(signal);
    await feed.take(told('A', alert()));
    expect(feed.sent().some((item) => bodyOf(item).includes('fires again'))).toBe(isTold);
  });
});
