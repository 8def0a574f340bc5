import { describe, expect, it } from 'vitest';
import { fakeClaim } from '../../../fakes/objects.ts';
import { healerStage, minute, podOf } from './healer-stage.ts';

type Stage = ReturnType<typeof healerStage>;

const waiting = (reason: string) => (all: Stage) =>
  all.containers('haproxy', { state: { is: 'waiting', reason, message: null } }, false);

/** What a restart does not cure, or must not touch. */
const never: readonly (readonly [string, (all: Stage) => void])[] = [
  ['an image that can not be had', waiting('ImagePullBackOff')],
  ['a container that can not be made as described', waiting('CreateContainerConfigError')],
  [
    'a pod that no node takes',
    (all) => {
      const condition = { type: 'PodScheduled', status: 'False' } as const;
      const rest = { reason: null, message: null, since: 0 };
      all.change('haproxy', () => ({ ready: false, conditions: [{ ...condition, ...rest }] }));
    },
  ],
  ['a program that refuses its config', (all) => all.crash('haproxy', 78)],
  ['a program that can not be run', (all) => all.crash('haproxy', 127)],
  [
    'a pod that has crashed since it was made',
    (all) => {
      all.crash('haproxy');
      all.comesBackBroken(podOf(all.cluster, 'haproxy'), 'new');
    },
  ],
  [
    'a kill for memory',
    (all) => {
      all.crash('haproxy');
      all.change('haproxy', ({ containers }) => ({
        containers: containers.map((each) => ({
          ...each,
          last: each.last === null ? null : { ...each.last, reason: 'OOMKilled' },
        })),
      }));
    },
  ],
  [
    'anything on a node under pressure',
    (all) => {
      const [node] = all.cluster.view.list('Node').value;
      if (node === undefined) throw new Error('no node');
      const pressure = {
        type: 'DiskPressure',
        status: 'True',
        reason: null,
        message: null,
      } as const;
      all.cluster.view.put('Node', { ...node, conditions: [{ ...pressure, since: 0 }] });
      all.crash('haproxy');
    },
  ],
  [
    'anything while the disk is full',
    (all) => {
      all.state.isDiskFull = true;
      all.crash('haproxy');
    },
  ],
  [
    'what needs a component that is broken itself',
    (all) => {
      all.crash('ess-postgres');
      all.crash('haproxy');
    },
  ],
  [
    'a component in the middle of a rollout',
    (all) => {
      all.crash('haproxy');
      const [found] = all.cluster.view.list('Deployment', { name: 'ess-haproxy' }).value;
      if (found === undefined) throw new Error('no haproxy');
      all.cluster.view.put('Deployment', { ...found, observed: false });
    },
  ],
  [
    'one whose volume is lost',
    (all) => {
      const [claim] = all.cluster.view.list('PersistentVolumeClaim').value;
      if (claim === undefined) throw new Error('no claim');
      const { name, namespace, labels } = claim;
      const meta = { ...claim, name, namespace, labels };
      all.cluster.view.put('PersistentVolumeClaim', fakeClaim(meta, { phase: 'Lost' }));
      all.change('haproxy', () => ({ claims: [name] }));
      all.crash('haproxy');
    },
  ],
  [
    'a pod that is going already',
    (all) => {
      all.crash('haproxy');
      all.change('haproxy', () => ({ deletingSince: all.clock.now() }));
    },
  ],
];

describe('what self-healing never does (fake cluster, fake clock)', () => {
  it.each(never)('restart for %s', async (_, make) => {
    const all = healerStage();
    make(all);
    await all.pass(30 * minute);
    expect(all.acts()).toEqual([]);
    expect(all.memory().actions()).toEqual([]);
  });

  it('touches nothing but the pod and the template of the workload, in all of it', async () => {
    const all = healerStage({ workers: ['federation-sender'] });
    const { cluster } = all;
    const before = {
      claims: cluster.view.list('PersistentVolumeClaim').value,
      services: cluster.view.list('Service').value,
    };
    const needed = ['ess-postgres-0', 'ess-synapse-main-0'];
    const pods = cluster.view.list('Pod').value.filter(({ name }) => !needed.includes(name));
    for (const { name } of pods) all.crash(name);
    const crashing = pods.map(({ name }) => podOf(cluster, name));
    for (let round = 0; round < 90; round += 1) {
      await all.pass(2 * minute, minute);
      for (const pod of crashing) {
        const isThere = cluster.view.list('Pod', { name: pod.name }).value.length > 0;
        if (!isThere) all.comesBackBroken(pod, `again-${pod.name}`);
      }
      // What is needed by others is let heal after its turn.
      if (round === 20) all.containers('ess-redis', {}, true);
    }
    const methods = all.acts().map(({ method }) => method);
    expect(methods).toHaveLength(2 * pods.length);
    expect(new Set(methods)).toEqual(new Set(['deletePod', 'restart']));
    expect({
      claims: cluster.view.list('PersistentVolumeClaim').value,
      services: cluster.view.list('Service').value,
    }).toEqual(before);
    expect(JSON.stringify(all.acts())).not.toContain('postgres');
  });
});
