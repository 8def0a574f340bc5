import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { openKubernetes } from '../../../src/platform/kubernetes/open.ts';
import type { Kubernetes } from '../../../src/platform/kubernetes/port.ts';
import { startCluster, type Cluster } from '../../lab/kubernetes/cluster.ts';
import { until } from '../../lab/wait.ts';
import { silentLog } from '../../unit/commands/dispatch/world.ts';
import { lookThrough, type Seen, type Sight } from './see/sight.ts';
import { startStackStub, type StackStub } from './see/stack-stub.ts';

const ess = { release: 'ess', namespace: 'ess' } as const;

let cluster: Cluster;
let stub: StackStub;
let port: Kubernetes;
let sight: Sight;

beforeAll(async () => {
  cluster = await startCluster({ name: 'see-down', metrics: false });
  stub = await startStackStub('example.org');
  await cluster.installEss({ ...ess, shape: 'valkey', hooks: false });
  const from = { kubeconfig: cluster.kubeconfig };
  port = openKubernetes({ from, ...ess, clock: systemClock, log: silentLog });
  const { url } = stub;
  const urls = { synapse: url, mas: url, 'well-known': url, 'rtc-auth': url, 'element-web': url };
  sight = lookThrough(port, urls, 'example.org');
}, 300_000);

afterAll(async () => {
  sight.close();
  await port.close();
  await stub[Symbol.asyncDispose]();
  await cluster.stop();
});

const statusWhere = (what: string, fits: (seen: Seen) => boolean): Promise<Seen> =>
  until(
    what,
    async () => {
      const seen = await sight.see('status');
      return fits(seen) ? seen : undefined;
    },
    { timeoutMs: 30_000 },
  );

describe('a node that suffers (stub of the stack)', () => {
  it('is told by status, and no more when it has recovered', async () => {
    await statusWhere('a good status', ({ page }) => page.includes('All is well.'));
    await cluster.makeNode('disk-pressure');
    await statusWhere('the pressure', ({ page }) => page.includes('runs out of disk'));
    await cluster.makeNode('healthy');
    await statusWhere('a good status again', ({ page }) => page.includes('All is well.'));
  });
});

describe('while the API server is down (stub of the stack)', () => {
  it('status shows the last that was known with its age, and of now within 5 s after it is back', async () => {
    const { hasCacheAlways } = await cluster.essChart('valkey');
    await cluster.killApiServer();
    expect(await cluster.api.isReady()).toBe(false);
    const old = await statusWhere('its age', ({ page }) => page.includes('this is how it was'));
    expect(old.json.outcome).toBe('warning');
    expect(old.tookMs).toBeLessThan(5000);
    expect(old.json.tables['components']).toHaveLength(hasCacheAlways ? 9 : 8);
    const health = await sight.see('health');
    expect(health.json.outcome).toBe('failed');
    expect(health.page).toContain('what is shown is the last that was known');

    await cluster.startApiServer();
    const back = performance.now();
    await statusWhere('a good status again', ({ page }) => page.includes('All is well.'));
    expect(performance.now() - back).toBeLessThan(5000);
  });

  it('nothing that was never read is called well', async () => {
    await cluster.stopApiServer();
    const from = { kubeconfig: cluster.kubeconfig };
    const fresh = openKubernetes({ from, ...ess, clock: systemClock, log: silentLog });
    const blind = lookThrough(fresh, {}, 'example.org');
    try {
      const seen = await blind.see('status');
      expect(seen.json.outcome).toBe('warning');
      expect(seen.page).toContain('Nothing is known of the cluster yet.');
      expect(seen.json.tables['components']).toBeUndefined();
    } finally {
      blind.close();
      await fresh.close();
      await cluster.startApiServer();
    }
  });
});
