import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { Feed, type FeedMessage } from '../../../src/ops/feed/feed.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openKubernetes } from '../../../src/platform/kubernetes/open.ts';
import type { Change, Kubernetes } from '../../../src/platform/kubernetes/port.ts';
import { createIncidents } from '../../../src/platform/store/incidents.ts';
import { openState } from '../../../src/platform/store/state.ts';
import { soakCount } from '../../lab/count.ts';
import { LabError } from '../../lab/failure.ts';
import { startCluster, type Cluster } from '../../lab/kubernetes/cluster.ts';
import { until } from '../../lab/wait.ts';
import { silentLog } from '../../unit/platform/kubernetes/api-server.ts';
import { tempFolder } from '../../unit/platform/store/temp-folder.ts';
import { costOf, crowd, heldBytes } from './port/crowd.ts';
import { component, Load, servicesOf } from './port/load.ts';
import { enterToldRoom } from './port/told-room.ts';

let lab: Cluster;
let kubernetes: Kubernetes;

const mine = 'watched';
const others = 'others';

beforeAll(async () => {
  lab = await startCluster({ name: 'port-watch', metrics: false });
  for (const name of [mine, others]) {
    await lab.kubectlApply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);
  }
  kubernetes = openKubernetes({
    ...{ from: { kubeconfig: lab.kubeconfig }, release: 'ess', namespace: mine },
    ...{ clock: systemClock, log: silentLog },
  });
  await kubernetes.view.settled(AbortSignal.timeout(60_000));
}, 300_000);
afterAll(async () => {
  await kubernetes.close();
  await lab.stop();
});

const versions = z.array(
  z.object({ metadata: z.object({ name: z.string(), resourceVersion: z.string() }) }),
);

async function truth(): Promise<string[]> {
  const services = versions.parse(await lab.api.list(servicesOf(mine)));
  return services.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).sort();
}

function known(): string[] {
  const { value } = kubernetes.view.list('Service');
  return value.map(({ name, resourceVersion }) => `${name}@${resourceVersion}`).sort();
}

it('soak: 10 000 objects of a release of the same name in another namespace cost less than 5 MB, and no time', async () => {
  const count = soakCount(10_000, 'objects in other namespaces');
  // The connections over which they are made, and all code that is used, are there before.
  await crowd(lab.api, others, 'early', 100);
  await costOf(lab, kubernetes);
  const asked = kubernetes.requests;
  const before = await costOf(lab, kubernetes);
  // In parts: what warms up costs once, what an object costs is in each of them.
  const parts = 4;
  const grown: number[] = [];
  const first = await heldBytes();
  for (let part = 0, last = first; part < parts; part += 1) {
    await crowd(lab.api, others, `other-${part}`, count / parts);
    const bytes = await heldBytes();
    grown.push(bytes - last);
    last = bytes;
  }
  const more = grown.reduce((sum, bytes) => sum + bytes, 0);
  // Its first change is the proof that all before it was seen.
  const after = await costOf(lab, kubernetes);
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  process.stdout.write(
    `${count} objects elsewhere: ${mb(more)} (${grown.map(mb).join(', ')}); ` +
      `from a change to the view ${ms(before.changeMs)} before and ${ms(after.changeMs)} after, ` +
      `first reading of all ${ms(before.firstMs)} and ${ms(after.firstMs)}\n`,
  );
  // 5 MB for 10 000 of them. The times are those of a machine that does other things, too.
  expect(more).toBeLessThan(5_000_000);
  expect(Math.min(...grown)).toBeLessThan((count / parts) * 500);
  expect(after.changeMs).toBeLessThan(before.changeMs * 2 + 200);
  expect(after.firstMs).toBeLessThan(before.firstMs * 2 + 500);
  // What others have would be on further pages.
  expect(after.firstRequests).toBeLessThanOrEqual(before.firstRequests + 1);
  for (const kind of ['Service', 'Event', 'Ingress'] as const) {
    const seen = kubernetes.view.list(kind).value.map(({ namespace }) => namespace);
    expect([kind, seen.filter((namespace) => namespace !== mine)]).toEqual([kind, []]);
  }
  // Only what is absent is asked for now and then.
  expect(kubernetes.requests - asked).toBeLessThan(20);
}, 300_000);

/** Waits until every kind is watched again; nobody has brought certificates into this cluster. */
async function allWatched(): Promise<void> {
  const wanted = (kind: string): string => (kind === 'Certificate' ? 'absent' : 'connected');
  const strays = () =>
    [...kubernetes.view.states()].filter(([kind, { is }]) => is !== wanted(kind));
  const look = (): true | undefined => (strays().length === 0 ? true : undefined);
  await until('every kind to be watched again', look, { timeoutMs: 30_000 }).catch(
    (error: unknown) => {
      throw new LabError(`${String(error)}: ${JSON.stringify(strays())}`);
    },
  );
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

it('soak: the API server is killed under load: right within 5 s after it is back, also over a real 410, nothing told twice, one message in the room', async () => {
  const { view } = kubernetes;
  await lab.kubectlApply([component(mine, 'haproxy')]);
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
  await using room = await enterToldRoom(lab, { release: 'ess', namespace: mine });
  const message = await room.feed.told('HAProxy', 0);
  await until('the crash loop to be told', isTold(open), { timeoutMs: 60_000 });
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
  let listings = 0;
  // One kill and one orderly end at least.
  const rounds = Math.max(2, soakCount(10, 'kills of the API server'));
  for (let round = 0; round < rounds; round += 1) {
    const load = new Load(lab.api, mine);
    await until('load', () => (load.writes > 20 ? true : undefined), { timeoutMs: 30_000 });
    const calls = lab.auditLog().length;
    await (round % 2 === 0 ? lab.killApiServer() : lab.stopApiServer());
    await until(
      'the loss to be noticed',
      () => (view.list('Service').watch.is === 'disconnected' ? true : undefined),
      { timeoutMs: 60_000 },
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
    // Its memory of changes begins anew: a watch from before it is told so, and has to list again.
    const old = `${servicesOf(mine)}?watch=true&timeoutSeconds=1&resourceVersion=1`;
    expect((await lab.api.raw('GET', old)).text).toContain('"code":410');
    await room.settled();
    listings += room.listings(calls);
    await allWatched();
  }
  forget();
  const before = feed.looks();
  const isBack = (): true | undefined => (feed.looks() > before + 5 ? true : undefined);
  await until('the feed to go on', isBack, { timeoutMs: 60_000 });
  // It went on over all of it: one message, neither told again nor called healed.
  expect(JSON.stringify(feed.told())).toBe(open);
  expect(listings).toBeGreaterThanOrEqual(rounds);
  // Nor has the real bot, which goes on telling what is new.
  await lab.makeNode('disk-pressure');
  const node = await room.feed.told('runs out of disk', 0);
  expect(room.feed.all(0)).toEqual([message, node]);
  await lab.makeNode('healthy');
  await room.feed.edited(node, 'Healed', 0);
  process.stdout.write(`${listings} kinds were listed again after 410\n`);
  process.stdout.write(`right after ${slowest.map((ms) => `${Math.round(ms)} ms`).join(', ')}\n`);
  expect(wrong).toEqual([]);
  expect(told.length).toBe(new Set(told).size);
  expect(told.length).toBeGreaterThan(20);
}, 900_000);
