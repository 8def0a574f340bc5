import { describe, expect, it } from 'vitest';
import { restart } from '../../../../../src/commands/nouns/restart.ts';
import { AppError } from '../../../../../src/core/errors.ts';
import type { JsonObject } from '../../../../../src/core/json.ts';
import type { Workload } from '../../../../../src/platform/kubernetes/port.ts';
import { fakeNow, type FakeCluster } from '../../../../fakes/cluster.ts';
import { fakeMeta, fakePod, fakeStatus } from '../../../../fakes/objects.ts';
import { fakeRelease } from '../../../../fakes/release.ts';
import { FakeClock, settled } from '../../dispatch/fake-clock.ts';
import { HeardSpeech, linesOfNodes, stored, surroundings } from './cluster-stage.ts';

function setUp(options: Parameters<typeof fakeRelease>[0] = {}) {
  const clock = new FakeClock(fakeNow);
  const cluster = fakeRelease({ ...options, now: () => clock.now() });
  const speech = new HeardSpeech();
  const context = { ...surroundings(), kubernetes: cluster, clock, speech };
  return { clock, cluster, speech, context };
}

function change(cluster: FakeCluster, name: string, to: Partial<Workload>): void {
  const [workload] = cluster.view.workloads({ name }).value;
  if (workload === undefined) throw new Error(`no ${name}`);
  cluster.view.put(workload.kind, { ...workload, ...to });
}

/** What the controllers do with a restart: the annotation, then pods one after the other. */
function obeying(cluster: FakeCluster, at: () => number, ready = true): void {
  cluster.onRestart = ({ name }) => {
    const restartedAt = new Date(at()).toISOString();
    change(cluster, name, { restartedAt, observed: false, updated: 0 });
    change(cluster, name, { observed: true, updated: 1, ready: 0, available: 0 });
    if (ready) change(cluster, name, { ready: 1, available: 1 });
  };
}

async function run(
  { context }: Pick<ReturnType<typeof setUp>, 'context'>,
  component: string,
  done: Record<string, JsonObject> = {},
) {
  const { facts } = await restart.plan(context, { component });
  for (const step of restart.steps) {
    done[step.name] ??= stored(await step.run(context, { input: { component }, facts, done }));
  }
  return linesOfNodes(restart.report({ input: { component }, facts, done }));
}

const restarted = (cluster: FakeCluster): readonly unknown[] =>
  cluster.calls.filter(({ method }) => method === 'restart').map(({ what }) => what);

describe('restart (fake cluster)', () => {
  it('says what will restart, in which order, and what is down meanwhile', async () => {
    const { context, cluster } = setUp({ workers: ['pusher'] });
    const plan = await restart.plan(context, { component: 'all' });
    const lines = linesOfNodes(plan.shown);
    expect(lines[0]).toContain('10 components of release ess');
    expect(lines.slice(1, 5)).toEqual([
      'PostgreSQL | 1 | nothing works: no messages, no logins',
      'Redis/Valkey | 1 | Synapse reconnects; messages may come late',
      'Synapse | 1 | no messages, no sync',
      'Synapse pusher | 1 | what this worker does is late',
    ]);
    expect(lines.at(-1)).toBe('Element Admin | 1 | nothing is down');
    expect(restarted(cluster)).toEqual([]);
    expect(restart.asksFirst?.({ component: 'all' })).toBe(true);
  });

  it('restarts one component by another of its names, under another release', async () => {
    const all = setUp({ release: 'chat', namespace: 'matrix', shape: 'valkey' });
    obeying(all.cluster, () => all.clock.now());
    expect(await run(all, 'valkey')).toEqual([
      'ok: 1 component is restarted and ready: Redis/Valkey.',
    ]);
    expect(restarted(all.cluster)).toEqual([
      { kind: 'StatefulSet', namespace: 'matrix', name: 'chat-valkey', at: fakeNow },
    ]);
    expect(all.speech.progressed).toContain('Redis/Valkey: 0 of 1 ready');
  });

  it('restarts all one at a time: the next only when the one before is ready', async () => {
    const all = setUp();
    const open: string[] = [];
    let most = 0;
    all.cluster.onRestart = ({ name }) => {
      open.push(name);
      most = Math.max(most, open.length);
      change(all.cluster, name, { restartedAt: new Date(fakeNow).toISOString(), updated: 0 });
      setImmediate(() => {
        open.pop();
        change(all.cluster, name, { updated: 1 });
      });
    };
    const [outcome] = await run(all, 'all');
    expect(outcome).toMatch(/^ok: 9 components are restarted and ready: PostgreSQL, Redis/);
    expect(most).toBe(1);
  });

  it('says why one did not become ready, and leaves the others alone (fake clock)', async () => {
    const all = setUp();
    all.cluster.onRestart = ({ name }) => {
      change(all.cluster, name, { restartedAt: new Date(fakeNow).toISOString(), ready: 0 });
      const waiting = {
        is: 'waiting',
        reason: 'ImagePullBackOff',
        message: 'no such image',
      } as const;
      const labels = all.cluster.view.get('Pod', { name: `${name}-0` }).value?.labels ?? {};
      const young = fakeMeta(`${name}-0`, labels, 'ess', all.clock.now());
      all.cluster.view.put(
        'Pod',
        fakePod(young, ['postgres'], {
          ready: false,
          containers: [fakeStatus('postgres', { ready: false, state: waiting })],
        }),
      );
    };
    const answer = run(all, 'all');
    await settled();
    await all.clock.advance(91_000);
    const lines = await answer;
    expect(lines[0]).toBe('failed: PostgreSQL did not become ready within 1 min 31 s.');
    expect(lines).toContain('PostgreSQL | not ready');
    expect(lines).toContain('Synapse | not restarted');
    expect(lines.join('\n')).toContain('can not be fetched: no such image');
    expect(lines).toContain('8 components after it were left alone.');
    expect(restarted(all.cluster)).toHaveLength(1);
  });

  it('gives up after ten minutes on one that just does not get ready (fake clock)', async () => {
    const all = setUp();
    obeying(all.cluster, () => fakeNow, false);
    const answer = run(all, 'haproxy');
    await settled();
    await all.clock.advance(10 * 60_000);
    expect((await answer)[0]).toBe('failed: HAProxy did not become ready within 10 min.');
  });

  it('reports what was wrong before', async () => {
    const all = setUp();
    change(all.cluster, 'ess-haproxy', { ready: 0, available: 0 });
    const plan = await restart.plan(all.context, { component: 'haproxy' });
    expect(linesOfNodes(plan.shown).at(-1)).toMatch(/^Already before: HAProxy: /);
    obeying(all.cluster, () => fakeNow);
    expect((await run(all, 'haproxy')).at(-1)).toMatch(/^HAProxy was not right before: /);
  });

  it('after a crash: a written annotation is done, is waited for, and is not written again', async () => {
    const all = setUp();
    obeying(all.cluster, () => fakeNow, false);
    const input = { component: 'haproxy' };
    const { facts } = await restart.plan(all.context, input);
    const step = restart.steps.find(({ name }) => name === 'haproxy');
    if (step === undefined) throw new Error('no step');
    const done: Record<string, JsonObject> = { stamp: { at: fakeNow } };
    const given = { input, facts, done };
    expect(await step.settle(all.context, given)).toEqual({ state: 'not-done' });
    const died = step.run(all.context, given);
    died.catch(() => undefined);
    await settled();
    const found = await step.settle(all.context, given);
    expect(found).toEqual({ state: 'done', result: { state: 'written' } });
    done['haproxy'] = { state: 'written' };
    const answer = run(all, 'haproxy', done);
    await settled();
    change(all.cluster, 'ess-haproxy', { ready: 1, available: 1 });
    expect((await answer)[0]).toBe('ok: 1 component is restarted and ready: HAProxy.');
    expect(restarted(all.cluster)).toHaveLength(1);
  });

  it('names the nearest component for one that is none, and one that is not installed', async () => {
    const { context } = setUp();
    await expect(restart.plan(context, { component: 'synaps' })).rejects.toMatchObject({
      code: 'E_COMPONENT_UNKNOWN',
      params: { suggestion: { params: { nearest: 'synapse' } } },
    });
    await expect(restart.plan(context, { component: 'hookshot' })).rejects.toMatchObject({
      code: 'E_COMPONENT_NOT_INSTALLED',
    });
  });

  it('does nothing on a view that is old, and says which rule is missing', async () => {
    const all = setUp();
    const problem = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'x', reason: 'y' });
    all.cluster.view.setState({ is: 'disconnected', since: fakeNow, problem });
    await expect(restart.plan(all.context, { component: 'haproxy' })).rejects.toBe(problem);
    all.cluster.view.setState({ is: 'connected' });
    const forbidden = new AppError('E_KUBERNETES_FORBIDDEN', { verb: 'patch' });
    all.cluster.failures.set('restart', forbidden);
    await expect(run(all, 'haproxy')).rejects.toBe(forbidden);
  });
});
