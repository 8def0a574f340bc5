import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { systemClock } from '../../../../src/platform/clock.ts';
import { openKubernetes } from '../../../../src/platform/kubernetes/open.ts';
import type { Kubernetes } from '../../../../src/platform/kubernetes/port.ts';
import type { Api, LabObject } from '../../../lab/kubernetes/api.ts';
import type { Cluster } from '../../../lab/kubernetes/cluster.ts';
import { silentLog } from '../../../unit/platform/kubernetes/api-server.ts';
import { service, servicesOf } from './load.ts';

/** As the release `ess` has them, but that of somebody else in another namespace. */
const labels = {
  'app.kubernetes.io/part-of': 'matrix-stack',
  'app.kubernetes.io/name': 'haproxy',
  'app.kubernetes.io/instance': 'ess-haproxy',
};

/** Kinds that the product watches, and for which no controller of the lab does anything. */
const forms: readonly ((namespace: string, name: string) => readonly [string, LabObject])[] = [
  (namespace, name) => [servicesOf(namespace), service(namespace, name, labels)],
  (namespace, name) => [
    `/api/v1/namespaces/${namespace}/events`,
    {
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { name, namespace, labels } },
      ...{ type: 'Warning', reason: 'Told', message: 'it is somebody else’s' },
      involvedObject: { kind: 'Deployment', name: 'ess-haproxy', namespace, apiVersion: 'apps/v1' },
      ...{ firstTimestamp: new Date().toISOString(), lastTimestamp: new Date().toISOString() },
      source: { component: 'test' },
    },
  ],
  (namespace, name) => [
    `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`,
    {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
      metadata: { name, namespace, labels },
      spec: { rules: [{ host: 'matrix.example.org' }] },
    },
  ],
];

/** Makes so many objects with the labels of a release, sixteen at a time. */
export const crowd = async (
  api: Api,
  namespace: string,
  name: string,
  count: number,
): Promise<void> => {
  let next = 0;
  const make = async (): Promise<void> => {
    while (next < count) {
      const at = next++;
      for (const form of forms.slice(at % forms.length, (at % forms.length) + 1)) {
        const [path, body] = form(namespace, `${name}-${at}`);
        await api.send('POST', path, { body });
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, make));
};

/** What others' objects could make worse. */
export interface Cost {
  /** From a change to the view that has it, ms. */
  readonly changeMs: number;
  /** Until a new port has read all of it for the first time, ms. */
  readonly firstMs: number;
  /** And how many requests that took. */
  readonly firstRequests: number;
}

/** The best of some: the rest is what else the machine does. */
const best = async (times: number, once: (at: number) => Promise<number>): Promise<number> => {
  let least = Infinity;
  for (let at = 0; at < times; at += 1) least = Math.min(least, await once(at));
  return least;
};

/** Bytes that this process holds once its garbage was collected. */
export const heldBytes = (): Promise<number> => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = z.function().parse(runInNewContext('gc'));
  return best(5, async () => {
    // What was closed ends in a later turn of the loop.
    await setImmediate();
    for (let i = 0; i < 2; i += 1) collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  });
};

let turns = 0;

/** Measures them, on a port to the cluster whose namespace it may write to. */
export const costOf = async (cluster: Cluster, kubernetes: Kubernetes): Promise<Cost> => {
  const { namespace, release, view } = kubernetes;
  turns += 1;
  const turn = turns;
  const change = async (at: number): Promise<number> => {
    const name = `change-${turn}-${at}`;
    const from = performance.now();
    const made = cluster.api.send('POST', servicesOf(namespace), {
      body: service(namespace, name),
    });
    const look = () => view.get('Service', { name }).value;
    await view.until(look, AbortSignal.timeout(20_000));
    const took = performance.now() - from;
    await made;
    return took;
  };
  let firstRequests = Infinity;
  const first = async (): Promise<number> => {
    const from = { kubeconfig: cluster.kubeconfig };
    const begun = performance.now();
    const fresh = openKubernetes({ from, release, namespace, clock: systemClock, log: silentLog });
    try {
      await fresh.view.settled(AbortSignal.timeout(20_000));
      const took = performance.now() - begun;
      firstRequests = Math.min(firstRequests, fresh.requests);
      return took;
    } finally {
      await fresh.close();
    }
  };
  const changeMs = await best(10, change);
  const firstMs = await best(3, first);
  return { changeMs, firstMs, firstRequests };
};
