import { expect, it, onTestFinished } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import { Heartbeat } from '../../../../src/ops/notify/heartbeat.ts';
import type { HeartbeatConfig } from '../../../../src/platform/config/notify-config.ts';
import { startWebSink } from '../../../lab/alerts/web-sink.ts';
import { FakeClock } from '../../bot/fake-clock.ts';
import { rememberingLog } from '../../bot/quiet-log.ts';
import { canary } from './channel-configs.ts';

const minute = 60_000;
const { signal } = new AbortController();

async function stage(fields: Partial<HeartbeatConfig> = {}, query = '') {
  const sink = await startWebSink();
  onTestFinished(() => sink.stop());
  const clock = new FakeClock();
  const { log, lines } = rememberingLog();
  const state = { problems: [] as readonly string[] };
  const url = new Secret(`${sink.url}/${canary}${query}`);
  const heartbeat = new Heartbeat({
    config: { url, everyMs: 5 * minute, method: 'POST', fail: true, ca: null, ...fields },
    ...{ clock, log, patienceMs: 5 * minute, problems: () => state.problems },
  });
  const pass = async (ms: number): Promise<readonly string[]> => {
    const before = sink.requests.length;
    for (let passed = 0; passed < ms; passed += 5000) {
      clock.advance(5000);
      await heartbeat.look(signal);
    }
    return sink.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  };
  return { sink, lines, heartbeat, state, pass };
}

it('beats while the bot is well, is silent when it is not, and reports that after a while (fake clock)', async () => {
  const { state, pass, sink } = await stage();
  const beat = `POST /${canary}`;
  expect(await pass(20 * minute)).toEqual([beat, beat, beat, beat]);
  state.problems = ['sync', 'matrix'];
  expect(await pass(5 * minute)).toEqual([]);
  expect(await pass(6 * minute)).toEqual([`${beat}/fail`, `${beat}/fail`]);
  expect(sink.requests.at(-1)?.body).toBe('not well: sync, matrix');
  state.problems = [];
  expect(await pass(10_000)).toEqual([beat]);
});

it('sends a lost beat again soon, and names no address when it is lost (fake clock)', async () => {
  const { sink, pass, heartbeat, lines } = await stage();
  sink.answer = ({ path }) => ({ status: 500, body: path });
  expect((await pass(minute)).length).toBe(3);
  expect(heartbeat.counts).toEqual({ sent: 0, failed: 3 });
  sink.answer = () => 'drop';
  await pass(minute);
  expect(lines.length).toBeGreaterThan(3);
  expect(JSON.stringify(lines)).not.toContain(canary);
  sink.answer = () => ({ status: 200 });
  expect((await pass(5 * minute)).length).toBeLessThanOrEqual(2);
});

it('uses GET where that is wanted, and has no place for a failure behind a query (fake clock)', async () => {
  const { state, pass } = await stage({ method: 'GET' }, '?status=up');
  expect(await pass(minute)).toEqual([`GET /${canary}?status=up`]);
  state.problems = ['sync'];
  expect(await pass(60 * minute)).toEqual([]);
});
