import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { Feed, type FeedMessage } from '../../../src/ops/feed/feed.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openKubernetes } from '../../../src/platform/kubernetes/open.ts';
import type { Change, Kubernetes } from '../../../src/platform/kubernetes/port.ts';
import { createIncidents } from '../../../src/platform/store/incidents.ts';
import { openState } from '../../../src/platform/store/state.ts';
import { soakCount } from '../../lab/count.ts';
import type { LabObject } from '../../lab/kubernetes/api.ts';
import { startCluster, type Cluster } from '../../lab/kubernetes/cluster.ts';
import { until } from '../../lab/wait.ts';
import { silentLog } from '../../unit/platform/kubernetes/api-server.ts';
import { tempFolder } from '../../unit/platform/store/temp-folder.ts';

let lab: Cluster;
let kubernetes: Kubernetes;

const mine = 'watched';
const others = 'others';

/** Costs the cluster nothing: no address is given out for it. */
const service = (namespace: string, name: string, labels = {}): LabObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels },
  spec: { type: 'ExternalName', externalName: 'example.org' },
});

/** A component of a release, with one pod. */
const component = (name: string): LabObject => {
  const labels = {
    'app.kubernetes.io/part-of': 'matrix-stack',
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': `ess-${name}`,
  };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: `ess-${name}`, namespace: mine, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name, image: 'example.org/it:1' }] },
      },
    },
  };
};

beforeAll(async () => {
  lab = await startCluster({ name: 'port-watch', metrics: false });
  for (const name of [mine, others]) {
    await lab.kubectlApply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);
  }
  kubernetes = openKubernetes({
    ...{ from: { kubeconfig: lab.kubeconfig }, release: 'ess', namespace: mine },
    ...{ clock: systemClock, log: silentLog },
  });
  await kubernetes.view.settled(AbortSignal.timeout(10_000));
}, 300_000);
afterAll(async () => {
  await kubernetes.close();
  await lab.stop();
});

const path = (namespace: string): string => `/api/v1/namespaces/${namespace}/services`;

const versions = z.array(
  z.object({ metadata: z.object({ name: z.string(), resourceVersion: z.string() }) }),
);

async function truth(): Promise<string[]> {
  const services = versions.parse(await lab.api.list(path(mine)));
  return services.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).sort();
}

function known(): string[] {
  const { value } = kubernetes.view.list('Service');
  return value.map(({ name, resourceVersion }) => `${name}@${resourceVersion}`).sort();
}

/** Makes, changes and removes Services without a pause; what fails while nobody answers is done again later. */
class Load {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  writes = 0;

  constructor() {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let i = 0; !this.#stop.signal.aborted; i += 1) {
      const name = `load-${i % 50}`;
      const { status } = await lab.api
        .raw('POST', path(mine), { body: service(mine, name, { turn: String(i) }) })
        .catch(() => ({ status: 0 }));
      if (status === 201) this.writes += 1;
      const old = `${path(mine)}/load-${(i + 25) % 50}`;
      await lab.api.raw('DELETE', old, {}).catch(() => null);
      if (status === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A feed that looks on all the time, as in the bot, only quicker. */
function startFeed() {
  const database = openState(tempFolder());
  const posted: FeedMessage[] = [];
  const feed = new Feed({
    ...{ cluster: kubernetes, clock: systemClock, incidents: createIncidents(database) },
    ...{ others: () => [], post: (message) => posted.push(message) },
    pace: { confirmMs: 200, healMs: 1000, settleMs: 500 },
    transaction: (work) => database.transaction(work),
  });
  let looks = 0;
  const timer = setInterval(() => {
    if (feed.look() !== null) looks += 1;
  }, 50);
  const stop = (): void => {
    clearInterval(timer);
    database.close();
  };
  /** Each message once, the last of its incidents: open or healed, and how often they came back. */
  const told = () =>
    [...new Map(posted.map((message) => [message.key, message])).values()].map(({ incidents }) =>
      incidents.map(({ identity, healedAt, returns }) => [identity, healedAt !== null, returns]),
    );
  return { told, stop, looks: () => looks };
}

const loop = 'component/haproxy/crash/haproxy';

it('soak: the API server is killed under load: right within 5 s after it is back, nothing told twice', async () => {
  const { view } = kubernetes;
  await lab.kubectlApply([component('haproxy')]);
  await lab.pods.until(
    { namespace: mine, name: 'haproxy' },
    'is there',
    ({ length }) => length > 0,
  );
  await lab.pods.behave({ namespace: mine, name: 'haproxy' }, 'crash-loop');
  const feed = startFeed();
  onTestFinished(() => feed.stop());
  const isTold = (is: string) => (): true | undefined =>
    JSON.stringify(feed.told()) === is ? true : undefined;
  const open = JSON.stringify([[[loop, false, 0]]]);
  await until('the crash loop to be told', isTold(open), { timeoutMs: 10_000 });
  const told: string[] = [];
  const alive = new Map(view.list('Service').value.map((each) => [each.name, each.uid]));
  const wrong: string[] = [];
  const listen = (change: Change): void => {
    if (change.kind !== 'Service') return;
    const { name, uid, resourceVersion } = change.object;
    told.push(`${change.type} ${name} ${uid} ${resourceVersion}`);
    const is = alive.get(name);
    if (change.type === 'added' ? is !== undefined : is !== uid) {
      wrong.push(`${change.type} ${name} while ${String(is)}`);
    }
    if (change.type === 'removed') alive.delete(name);
    else alive.set(name, uid);
  };
  const forget = view.onChange(listen);
  const slowest: number[] = [];
  const rounds = soakCount(10, 'kills of the API server');
  for (let round = 0; round < rounds; round += 1) {
    const load = new Load();
    await until('load', () => (load.writes > 20 ? true : undefined), { timeoutMs: 30_000 });
    await (round % 2 === 0 ? lab.killApiServer() : lab.stopApiServer());
    await until(
      'the loss to be noticed',
      () => (view.list('Service').watch.is === 'disconnected' ? true : undefined),
      { timeoutMs: 10_000 },
    );
    const lost = view.list('Service');
    expect(lost.value.length).toBeGreaterThan(0);
    expect(lost.asOf).not.toBeNull();
    await lab.startApiServer();
    const back = performance.now();
    await load.stop();
    const expected = await truth();
    await until(
      'the view to be right',
      () => (JSON.stringify(known()) === JSON.stringify(expected) ? true : undefined),
      { timeoutMs: 5000 - (performance.now() - back) },
    );
    slowest.push(performance.now() - back);
    for (const [kind, state] of view.states()) {
      expect([kind, state.is]).toEqual([kind, kind === 'Certificate' ? 'absent' : 'connected']);
    }
  }
  forget();
  const before = feed.looks();
  const isBack = (): true | undefined => (feed.looks() > before + 5 ? true : undefined);
  await until('the feed to go on', isBack, { timeoutMs: 10_000 });
  // It went on over all of it: one message, neither told again nor called healed.
  expect(JSON.stringify(feed.told())).toBe(open);
  process.stdout.write(`right after ${slowest.map((ms) => `${Math.round(ms)} ms`).join(', ')}\n`);
  expect(wrong).toEqual([]);
  expect(told.length).toBe(new Set(told).size);
  expect(told.length).toBeGreaterThan(20);
}, 900_000);

it('soak: 10 000 objects in other namespaces cost less than 5 MB, and no time', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = z.function().parse(runInNewContext('gc'));
  const bytes = (): number => {
    for (let i = 0; i < 4; i += 1) collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const once = (): number => {
    const from = performance.now();
    for (let i = 0; i < 1000; i += 1)
      kubernetes.view.list('Service', { namespace: kubernetes.namespace });
    return performance.now() - from;
  };
  // The best of some: the rest is what else the machine does.
  const spent = (): number => Math.min(...Array.from({ length: 5 }, once));
  const asked = kubernetes.requests;
  spent();
  const before = { bytes: bytes(), spent: spent() };
  const count = soakCount(10_000, 'objects in other namespaces');
  let next = 0;
  const make = async (): Promise<void> => {
    while (next < count) {
      const body = service(others, `other-${next++}`, { 'app.kubernetes.io/name': 'other' });
      await lab.api.send('POST', path(others), { body });
    }
  };
  await Promise.all(Array.from({ length: 16 }, make));
  // Proof that all before it was seen.
  await lab.api.send('POST', path(mine), { body: service(mine, 'the-last') });
  const look = () => kubernetes.view.get('Service', { name: 'the-last' }).value;
  await kubernetes.view.until(look, AbortSignal.timeout(5000));
  const after = { bytes: bytes(), spent: spent() };
  process.stdout.write(
    `${count} objects elsewhere: ${((after.bytes - before.bytes) / 1e6).toFixed(2)} MB, ` +
      `1000 readings in ${before.spent.toFixed(1)} before and ${after.spent.toFixed(1)} ms after\n`,
  );
  expect(after.bytes - before.bytes).toBeLessThan(5_000_000);
  expect(after.spent).toBeLessThan(before.spent * 2 + 20);
  expect(kubernetes.view.list('Service').value.some((each) => each.namespace !== mine)).toBe(false);
  // Only what is absent is asked for now and then.
  expect(kubernetes.requests - asked).toBeLessThan(20);
}, 300_000);
