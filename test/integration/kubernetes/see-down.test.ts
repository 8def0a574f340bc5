import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { openKubernetes } from '../../../src/platform/kubernetes/open.ts';
import type { Kubernetes } from '../../../src/platform/kubernetes/port.ts';
import { startCluster, type Cluster } from '../../lab/kubernetes/cluster.ts';
import { until } from '../../lab/wait.ts';
import { silentLog } from '../../unit/commands/dispatch/world.ts';
import { defineCertificates, putCertificate } from './see/certificates.ts';
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
  await defineCertificates(cluster, ess.namespace);
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
    { timeoutMs: 60_000 },
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

describe('certificates of cert-manager (their objects: nobody issues any here)', () => {
  it('are in status and health as their status says, and as it changes', async () => {
    const put = (name: string, ready: boolean, life: readonly [number, number] | null) =>
      putCertificate(cluster, ess.namespace, {
        ...{ name, ready, message: ready ? 'up to date' : 'no answer from the issuer' },
        life: life === null ? null : { fromDays: life[0], toDays: life[1] },
      });
    await put('well', true, [-30, 60]);
    await put('late', true, [-80, 10]);
    await put('never', false, null);
    const troubled = await statusWhere(
      'both troubles',
      ({ page }) => page.includes('certificate late') && page.includes('no answer from the issuer'),
    );
    expect(troubled.page).toMatch(/certificate never: is not ready, .*no answer from the issuer/);
    expect(troubled.page).toMatch(/certificate late: ends in .* and was not renewed/);
    expect(troubled.page).not.toContain('certificate well:');
    const rows = troubled.json.tables['certificates'] ?? [];
    const names = rows.map((row) => row['name']);
    expect(names.slice(0, 3).sort()).toEqual(['late', 'never', 'well']);
    const health = await sight.see('health');
    expect(health.json.outcome).toBe('failed');
    expect(health.page).toMatch(/Certificates.*certificate never/);

    await put('late', true, [0, 90]);
    await put('never', true, [0, 90]);
    await statusWhere('good certificates', ({ page }) => page.includes('All is well.'));
    expect((await sight.see('health')).page).toContain('3 certificates valid');
  });
});

/** A program that runs on in a pod, with its id on this machine. Its guard looks every 5 s. */
async function startLasting() {
  const [name = ''] = await cluster.pods.names({ ...ess, name: 'haproxy' });
  const { stdout, result } = await port.exec({
    ...{ namespace: port.namespace, name, container: 'haproxy' },
    command: ['sh', '-c', 'echo $$; exec sleep 600'],
    orphanGuard: { is: 'stdin', limitMs: 60_000, silenceMs: 5000 },
  });
  const parts = stdout[Symbol.asyncIterator]();
  const first = await parts.next();
  if (first.done === true) throw new Error('the program wrote nothing');
  const rest = parts.next().then(
    () => null,
    (error: unknown) => error,
  );
  const end = result.then(
    () => null,
    (error: unknown) => error,
  );
  return { pid: Number(Buffer.from(first.value).toString()), rest, end };
}

describe('while the API server is down (stub of the stack)', () => {
  it('a program that ran in a pod is told as cut, never as done, and ends', async () => {
    const { pid, rest, end } = await startLasting();
    const isThere = (): boolean => existsSync(`/proc/${pid}/status`);
    expect(isThere()).toBe(true);
    await cluster.killApiServer();
    expect(await end).toMatchObject({ code: 'E_KUBERNETES_EXEC_CUT' });
    expect(await rest).toMatchObject({ code: 'E_KUBERNETES_EXEC_CUT' });
    await until('its end', () => (isThere() ? undefined : true), { timeoutMs: 60_000 });
  });

  it('status shows the last that was known with its age, and of now within 5 s after it is back', async () => {
    const { hasCacheAlways } = await cluster.essChart('valkey');
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
