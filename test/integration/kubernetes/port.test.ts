import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/core/errors.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { ClusterEndpoints } from '../../../src/platform/endpoints/cluster-endpoints.ts';
import type { AccessSource } from '../../../src/platform/kubernetes/access/access-source.ts';
import { openKubernetes } from '../../../src/platform/kubernetes/open.ts';
import type { Kubernetes } from '../../../src/platform/kubernetes/port.ts';
import { sharedCluster, type SharedCluster } from '../../lab/kubernetes/shared.ts';
import { until } from '../../lab/wait.ts';
import { silentLog } from '../../unit/platform/kubernetes/api-server.ts';
import { tempFolder } from '../../unit/platform/store/temp-folder.ts';

const namespace = 'port';

let lab: SharedCluster;
let kubernetes: Kubernetes;

const open = (from: AccessSource): Kubernetes =>
  openKubernetes({ from, release: 'ess', namespace, clock: systemClock, log: silentLog });

beforeAll(async () => {
  lab = await sharedCluster();
  await lab.kubectlApply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  // While others install at the same time, the first write to a new namespace may take longer than we wait.
  const metadata = { name: 'first', namespace };
  await lab.kubectlApply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata }]);
  kubernetes = open({ kubeconfig: lab.kubeconfig });
}, 300_000);
afterAll(async () => {
  await kubernetes.close();
  await lab[Symbol.asyncDispose]();
});

const configMapSchema = z.object({
  data: z.record(z.string(), z.string()),
  metadata: z.object({
    managedFields: z.array(z.object({ manager: z.string(), operation: z.string() })),
  }),
});

describe('server-side apply', () => {
  const path = `/api/v1/namespaces/${namespace}/configmaps/notes`;
  const read = async () => {
    const { data, metadata } = configMapSchema.parse(await lab.api.send('GET', path));
    return { data, owners: metadata.managedFields };
  };
  const notes = (data: Readonly<Record<string, string>>) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', data },
    metadata: { name: 'notes', namespace: kubernetes.namespace },
  });

  it('makes an object and owns its fields as urtc; what it says no more goes away', async () => {
    await kubernetes.apply(notes({ one: '1', two: '2' }));
    const owners = [{ manager: 'urtc', operation: 'Apply' }];
    expect(await read()).toEqual({ data: { one: '1', two: '2' }, owners });
    await kubernetes.apply(notes({ one: '1' }));
    expect(await read()).toEqual({ data: { one: '1' }, owners });
    await kubernetes.apply(notes({ one: 'dry' }), { dryRun: true });
    expect(await read()).toEqual({ data: { one: '1' }, owners });
  });

  it('takes no field that another owns, and says whose it is, unless it is forced', async () => {
    await lab.kubectlApply([
      { ...notes({ one: 'theirs' }), metadata: { name: 'notes', namespace } },
    ]);
    const refusal: unknown = await kubernetes
      .apply(notes({ one: 'ours' }))
      .catch((error: unknown) => error);
    if (!(refusal instanceof AppError)) throw new Error(`no refusal: ${String(refusal)}`);
    expect(refusal).toMatchObject({
      code: 'E_KUBERNETES_CONFLICT',
      params: {
        what: 'configmaps notes',
        reason: { params: { field: '.data.one', manager: 'lab' } },
      },
    });
    expect((await read()).data).toEqual({ one: 'theirs' });
    await kubernetes.apply(notes({ one: 'ours' }), { force: true });
    expect((await read()).data).toEqual({ one: 'ours' });
  });
});

const authoritySchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ 'certificate-authority-data': z.string() }) }),
  ]),
});

describe('the service account of a pod', () => {
  it('is who we are to the API server, by the files that a pod has', async () => {
    const meta = { name: 'reader', namespace };
    await lab.kubectlApply([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta },
      {
        ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: meta },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
      },
      {
        ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: meta },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
        subjects: [{ kind: 'ServiceAccount', ...meta }],
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'book', namespace },
        data: { a: 'b' },
      },
    ]);
    const root = tempFolder();
    const folder = join(root, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(folder, { recursive: true });
    const { clusters } = authoritySchema.parse(JSON.parse(readFileSync(lab.kubeconfig, 'utf8')));
    const authority = clusters[0].cluster['certificate-authority-data'];
    writeFileSync(join(folder, 'ca.crt'), Buffer.from(authority, 'base64'));
    writeFileSync(join(folder, 'namespace'), namespace);
    writeFileSync(join(folder, 'token'), await lab.token('reader', namespace));
    const { hostname, port } = new URL(lab.apiUrl);
    vi.stubEnv('KUBERNETES_SERVICE_HOST', hostname);
    vi.stubEnv('KUBERNETES_SERVICE_PORT', port);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const ours = open({ inCluster: true, root });
    onTestFinished(() => ours.close());
    expect(await ours.identity()).toBe(`system:serviceaccount:${namespace}:reader`);
    const book = { namespace: ours.namespace, name: 'book' };
    // The API server hears of the Role a moment after it was made.
    const read = () =>
      ours.configMap(book).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'E_KUBERNETES_FORBIDDEN') return undefined;
        throw error;
      });
    const found = await until('the right to read', read, { timeoutMs: 30_000 });
    expect(found).toEqual(new Map([['a', 'b']]));
    await expect(ours.secret(book)).rejects.toMatchObject({ code: 'E_KUBERNETES_FORBIDDEN' });
  });
});

describe('a Service address', () => {
  it('is the way from inside of the cluster while something takes a connection there', async () => {
    // A range on loopback, as nothing else makes an address of a Service lead anywhere here.
    const address = '127.77.0.9';
    await lab.kubectlApply([
      {
        ...{ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR' },
        metadata: { name: 'loopback' },
        spec: { cidrs: ['127.77.0.0/24'] },
      },
    ]);
    const server = createServer((request, response) => response.end(`at ${request.url ?? ''}`));
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    onTestFinished(() => void server.close());
    const at = server.address();
    if (at === null || typeof at === 'string') throw new Error('no port');
    const service = {
      ...{ apiVersion: 'v1', kind: 'Service' },
      metadata: {
        ...{ name: 'alertmanager', namespace },
        labels: { 'app.kubernetes.io/name': 'alertmanager' },
      },
      spec: { clusterIP: address, ports: [{ name: 'http-web', port: at.port }] },
    };
    // The range is taken up a moment after it was made.
    const make = async (): Promise<true | undefined> => {
      const { status } = await lab.api.raw('POST', `/api/v1/namespaces/${namespace}/services`, {
        body: service,
      });
      return status === 201 ? true : undefined;
    };
    await until('a Service with that address', make, { timeoutMs: 60_000 });
    const known = () => kubernetes.view.get('Service', { name: 'alertmanager' }).value;
    await kubernetes.view.until(known, AbortSignal.timeout(60_000));
    const isInside = (): boolean => true;
    const endpoints = new ClusterEndpoints({ kubernetes, urls: {}, clock: systemClock, isInside });
    onTestFinished(() => {
      endpoints.close();
    });
    const request = { path: '/api/v2/status', timeoutMs: 5000 };
    const answer = await endpoints.ask('alertmanager', request);
    expect([answer.way, answer.status, answer.text]).toEqual(['service', 200, 'at /api/v2/status']);
    // From elsewhere such an address may be anybody's.
    const outside = new ClusterEndpoints({
      ...{ kubernetes, urls: {}, clock: systemClock, isInside: () => false },
    });
    onTestFinished(() => {
      outside.close();
    });
    await expect(outside.ask('alertmanager', request)).rejects.toMatchObject({ code: /^E_/ });
  });
});
