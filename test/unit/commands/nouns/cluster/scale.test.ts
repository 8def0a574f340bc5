import { onTestFinished, describe, expect, it } from 'vitest';
import { scale } from '../../../../../src/commands/nouns/scale.ts';
import { AppError } from '../../../../../src/core/errors.ts';
import type { JsonObject } from '../../../../../src/core/json.ts';
import { handBackDue } from '../../../../../src/ops/scale/hand-back.ts';
import { stateIn } from '../../../platform/store/new-state.ts';
import { createTemporaryScales } from '../../../../../src/platform/store/temporary-scales.ts';
import { fakeNow } from '../../../../fakes/cluster.ts';
import { fakeRelease } from '../../../../fakes/release.ts';
import { tempFolder } from '../../../platform/store/temp-folder.ts';
import { FakeClock, settled } from '../../dispatch/fake-clock.ts';
import { HeardSpeech, linesOfNodes, stored, surroundings } from './cluster-stage.ts';

const hour = 3_600_000;

function setUp(options: Parameters<typeof fakeRelease>[0] = {}) {
  const clock = new FakeClock(fakeNow);
  const cluster = fakeRelease({ ...options, now: () => clock.now() });
  cluster.onScale = ({ kind, name, namespace }, replicas) => {
    const workload = cluster.view.get(kind, { name, namespace }).value;
    if (workload !== null)
      cluster.view.put(kind, { ...workload, wanted: replicas, ready: replicas });
  };
  const folder = tempFolder();
  const database = stateIn(folder);
  onTestFinished(() => database.close());
  const scales = createTemporaryScales(database);
  const speech = new HeardSpeech();
  const context = { ...surroundings(), kubernetes: cluster, clock, scales, speech };
  return { clock, cluster, scales, context };
}

const wish = (component: string, replicas: number, ms = 2 * hour) => ({
  ...{ component, replicas, for: ms, lasting: false },
});

async function run({ context }: ReturnType<typeof setUp>, input: ReturnType<typeof wish>) {
  const { facts } = await scale.plan(context, input);
  const done: Record<string, JsonObject> = {};
  for (const step of scale.steps) {
    done[step.name] = stored(await step.run(context, { input, facts, done }));
  }
  return linesOfNodes(scale.report({ input, facts, done }));
}

const called = ({ cluster }: ReturnType<typeof setUp>): readonly string[] =>
  cluster.calls
    .filter(({ dryRun }) => dryRun !== true)
    .map(({ method }) => method)
    .filter((each) => each !== 'readScale');

describe('scale (fake cluster)', () => {
  it('scales for a while, and hands the number back when its time is over (fake clock)', async () => {
    const all = setUp();
    const lines = await run(all, wish('haproxy', 3));
    expect(lines[0]).toBe('ok: HAProxy runs with 3 pods.');
    expect(lines[1]).toMatch(/^At .* it goes back to 1\.$/);
    expect(called(all)).toEqual(['scale']);
    const { signal } = new AbortController();
    const due = () => handBackDue(all.cluster, all.scales, all.clock.now(), signal);
    expect(await due()).toEqual([]);
    await all.clock.advance(2 * hour);
    expect(await due()).toMatchObject([{ is: 'done', scale: { original: 1, wanted: 3 } }]);
    expect(called(all)).toEqual(['scale', 'scale', 'releaseReplicas']);
    expect(all.cluster.view.get('Deployment', { name: 'ess-haproxy' }).value?.wanted).toBe(1);
    expect(await due()).toEqual([]);
  });

  it('keeps the first number over a second change, and goes back at once when that is asked', async () => {
    const all = setUp();
    await run(all, wish('haproxy', 3));
    await run(all, wish('haproxy', 2));
    expect(all.scales.all()).toMatchObject([{ original: 1, wanted: 2 }]);
    const lines = await run(all, wish('haproxy', 1));
    expect(lines).toEqual([
      'ok: HAProxy runs with 1 pod.',
      'The number belongs to the chart again.',
    ]);
    expect(called(all).at(-1)).toBe('releaseReplicas');
    expect(all.scales.all()).toEqual([]);
  });

  it('leaves a number alone that somebody else has changed meanwhile, and lets go of it', async () => {
    const all = setUp();
    await run(all, wish('haproxy', 3));
    const workload = all.cluster.view.get('Deployment', { name: 'ess-haproxy' }).value;
    if (workload === null) throw new Error('no haproxy');
    all.cluster.view.put('Deployment', { ...workload, wanted: 5 });
    const { signal } = new AbortController();
    await handBackDue(all.cluster, all.scales, fakeNow + 3 * hour, signal);
    expect(called(all)).toEqual(['scale', 'releaseReplicas']);
  });

  it('tries again where the cluster does not answer, and forgets a workload that is gone', async () => {
    const all = setUp();
    await run(all, wish('haproxy', 3));
    const problem = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'x', reason: 'y' });
    all.cluster.failures.set('readScale', problem);
    const { signal } = new AbortController();
    const due = () => handBackDue(all.cluster, all.scales, fakeNow + 3 * hour, signal);
    expect(await due()).toMatchObject([{ is: 'failed', problem: { code: problem.code } }]);
    expect(all.scales.all()).toHaveLength(1);
    all.cluster.failures.clear();
    all.cluster.view.remove('Deployment', 'ess-haproxy');
    expect(await due()).toMatchObject([{ is: 'gone' }]);
    expect(all.scales.all()).toEqual([]);
  });

  it.each(['synapse', 'sfu', 'postgres', 'redis', 'valkey', 'hookshot'])(
    '[H1] refuses %s with the reason',
    async (component) => {
      const { context } = setUp();
      await expect(scale.plan(context, wish(component, 2))).rejects.toMatchObject({
        code: 'E_SCALE_SINGLE',
      });
    },
  );

  it.each([
    ...['account-data', 'appservice', 'background', 'encryption', 'media-repository'],
    ...['presence-writer', 'push-rules', 'sso-login', 'typing-persister', 'user-dir'],
  ])('[H1] refuses the single worker %s with the reason', async (worker) => {
    const { context } = setUp({ workers: [worker] });
    await expect(scale.plan(context, wish(worker, 2))).rejects.toMatchObject({
      params: { why: { key: 'component.single.worker' } },
    });
  });

  it('[H1] refuses the authorisation service from chart 26.9 on, and not before', async () => {
    const old = setUp({ shape: 'redis' });
    await expect(scale.plan(old.context, wish('rtc-auth', 2))).resolves.toBeDefined();
    const fresh = setUp({ shape: 'valkey' });
    await expect(scale.plan(fresh.context, wish('rtc-auth', 2))).rejects.toMatchObject({
      code: 'E_SCALE_SINGLE',
    });
  });

  it('refuses what is to last, with the way to it, and asks before nothing is left', async () => {
    const { context } = setUp();
    await expect(
      scale.plan(context, { ...wish('haproxy', 2), lasting: true }),
    ).rejects.toMatchObject({ code: 'E_SCALE_LASTING', params: { values: 'haproxy', wanted: 2 } });
    expect(scale.asksFirst?.(wish('haproxy', 0))).toBe(true);
    expect(scale.asksFirst?.(wish('haproxy', 2))).toBe(false);
    expect(scale.arguments.replicas.schema.safeParse('11').success).toBe(false);
    expect(scale.flags.for.schema.parse(undefined)).toBe(2 * hour);
  });

  it('says which workers there are where no component has the name', async () => {
    const { context } = setUp({ workers: ['pusher'] });
    await expect(scale.plan(context, wish('all', 2))).rejects.toMatchObject({
      code: 'E_COMPONENT_UNKNOWN',
      params: { suggestion: '', workers: { params: { names: 'pusher' } } },
    });
  });

  it('says what is missing meanwhile where nothing is left, and nothing else', async () => {
    const { context } = setUp({ workers: ['pusher'] });
    const meanwhile = async (component: string, replicas: number) =>
      linesOfNodes((await scale.plan(context, wish(component, replicas))).shown).filter((line) =>
        line.startsWith('Meanwhile'),
      );
    expect(await meanwhile('haproxy', 0)).toEqual([
      'Meanwhile: nobody reaches Synapse: no messages, no sync',
    ]);
    expect(await meanwhile('mas', 0)).toEqual(['Meanwhile: no logins']);
    expect(await meanwhile('pusher', 0)).toEqual(['Meanwhile: what this worker does is not done']);
    expect(await meanwhile('element-web', 0)).toEqual(['Meanwhile: it is not there']);
    expect(await meanwhile('haproxy', 2)).toEqual([]);
  });

  it('tells what the cluster would refuse before anything is noted, and changes nothing for it', async () => {
    const all = setUp();
    const refusal = new AppError('E_KUBERNETES_POLICY', { policy: 'urtc-bot-scale' });
    all.cluster.failures.set('scale', refusal);
    await expect(scale.plan(all.context, wish('haproxy', 3))).rejects.toBe(refusal);
    expect(all.scales.all()).toEqual([]);
    all.cluster.failures.clear();
    await scale.plan(all.context, wish('haproxy', 3));
    expect(called(all)).toEqual([]);
    expect(all.cluster.view.get('Deployment', { name: 'ess-haproxy' }).value?.wanted).toBe(1);
  });

  it('after a crash the cluster itself says whether it was done', async () => {
    const all = setUp();
    const input = wish('haproxy', 3);
    const { facts } = await scale.plan(all.context, input);
    const step = scale.steps.find(({ name }) => name === 'scale');
    const given = { input, facts, done: { note: { until: fakeNow } } };
    expect(await step?.settle(all.context, given)).toEqual({ state: 'not-done' });
    await step?.run(all.context, given);
    expect(await step?.settle(all.context, given)).toEqual({ state: 'done', result: {} });
  });

  it('says when the pods are not ready in time (fake clock)', async () => {
    const all = setUp();
    all.cluster.onScale = () => undefined;
    const answer = run(all, wish('haproxy', 3));
    await settled();
    await all.clock.advance(5 * 60_000);
    expect((await answer)[0]).toBe(
      'warning: HAProxy is to run with 3 pods, and not all are ready yet.',
    );
  });
});
