import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { LabError } from '../../lab/failure.ts';
import { fixtureChart } from '../../lab/kubernetes/ess.ts';
import { pushChart } from '../../lab/kubernetes/helm.ts';
import { namedChart } from '../../lab/kubernetes/named-chart.ts';
import type { PodsOf } from '../../lab/kubernetes/pods.ts';
import { startRegistry, type Registry } from '../../lab/kubernetes/registry.ts';
import { sharedCluster, type SharedCluster } from '../../lab/kubernetes/shared.ts';
import { repository } from '../../lab/product.ts';
import { until } from '../../lab/wait.ts';

const redis = { release: 'ess', namespace: 'lab-redis', shape: 'redis' } as const;
const valkey = { release: 'chat', namespace: 'lab-valkey', shape: 'valkey' } as const;
const of = (name: string): PodsOf => ({ namespace: redis.namespace, name });

let cluster: SharedCluster;
let registry: Registry;
/** The fixture chart in the registry, without its version. */
let published: string;

beforeAll(async () => {
  [cluster, registry] = await Promise.all([sharedCluster(), startRegistry()]);
  published = `oci://${registry.host}/charts/matrix-stack`;
  await pushChart(cluster, fixtureChart, `oci://${registry.host}/charts`);
  const { isReal, version } = await cluster.essChart('redis');
  const fromRegistry = isReal ? {} : { chart: `${published}:${version}` };
  // Most of an install is waiting.
  await Promise.all([
    cluster.installEss({ ...redis, ...fromRegistry }),
    cluster.installEss(valkey),
  ]);
}, 300_000);
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const described = z.looseObject({
  kind: z.string().default(''),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.unknown().optional(),
});

const named = z.object({ name: z.string() });
const podSpec = z.object({
  template: z.object({
    spec: z.object({ initContainers: z.array(named).default([]), containers: z.array(named) }),
  }),
});
const portsSpec = z.object({
  ports: z.array(
    z.looseObject({ name: z.string(), port: z.number(), protocol: z.string().default('TCP') }),
  ),
});
const hostsSpec = z.object({ rules: z.array(z.object({ host: z.string() })) });

/** What of an object other programs go by. */
const shapeOf = (kind: string, object: z.output<typeof described>): unknown => {
  const labels = ['component', 'name', 'instance', 'version', 'part-of'].map(
    (name) => object.metadata.labels[`app.kubernetes.io/${name}`],
  );
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet': {
      const { initContainers, containers } = podSpec.parse(object.spec).template.spec;
      return { labels, containers: [...initContainers, ...containers].map(({ name }) => name) };
    }
    case 'Service': {
      const { ports } = portsSpec.parse(object.spec);
      // Ports of the node are those that were free.
      const texts = ports.map(
        ({ name, port, protocol }) => `${name} ${port < 30_000 ? port : 'of the node'}/${protocol}`,
      );
      return { labels, ports: texts.sort() };
    }
    case 'Ingress':
      return hostsSpec.parse(object.spec).rules[0]?.host;
    default:
      return labels.slice(0, 3);
  }
};

const kinds = {
  Deployment: 'apis/apps/v1/namespaces/lab-redis/deployments',
  StatefulSet: 'apis/apps/v1/namespaces/lab-redis/statefulsets',
  Service: 'api/v1/namespaces/lab-redis/services',
  Ingress: 'apis/networking.k8s.io/v1/namespaces/lab-redis/ingresses',
  PersistentVolumeClaim: 'api/v1/namespaces/lab-redis/persistentvolumeclaims',
} as const;

const render = process.env['URTC_TEST_ESS_RENDER'] ?? '';

describe('the fixture chart', () => {
  it.skipIf(render === '')(
    'has what a render of the real chart has (URTC_TEST_ESS_RENDER)',
    async () => {
      const installed = new Map<string, unknown>();
      for (const [kind, path] of Object.entries(kinds)) {
        for (const item of await cluster.api.list(`/${path}`)) {
          const object = described.parse(item);
          installed.set(`${kind} ${object.metadata.name}`, shapeOf(kind, object));
        }
      }
      const documents = parseAllDocuments(readFileSync(render, 'utf8'));
      const wanted = documents
        .map((document) => described.safeParse(document.toJS()))
        .flatMap(({ data }) => (data !== undefined && data.kind in kinds ? [data] : []));
      expect(wanted.length).toBeGreaterThan(25);
      for (const object of wanted) {
        const key = `${object.kind} ${object.metadata.name}`;
        expect({ [key]: installed.get(key) }).toEqual({ [key]: shapeOf(object.kind, object) });
      }
    },
  );

  it('leaves what its hooks make, under any release and namespace', async () => {
    for (const { release, namespace } of [redis, valkey]) {
      const path = `/api/v1/namespaces/${namespace}`;
      const secret = await cluster.api.raw('GET', `${path}/secrets/${release}-generated`);
      expect(secret.text).toContain('"SYNAPSE_SIGNING_KEY"');
      expect(secret.text).toContain('matrix-tools-init-secrets');
      const marks = await cluster.api.raw('GET', `${path}/configmaps/${release}-markers`);
      expect(marks.text).toContain('"MATRIX_STACK_MSC3861":"delegated_auth"');
    }
  });

  it('has Redis as a Deployment, and Valkey as a StatefulSet from 26.9.1 on', async (context) => {
    const { isReal } = await cluster.essChart('valkey');
    context.skip(isReal, 'a real chart has one shape');
    const status = async (path: string): Promise<number> =>
      (await cluster.api.raw('GET', `/apis/apps/v1/namespaces/${path}`)).status;
    expect(await status('lab-redis/deployments/ess-redis')).toBe(200);
    expect(await status('lab-valkey/statefulsets/chat-valkey')).toBe(200);
    expect(await status('lab-valkey/deployments/chat-redis')).toBe(404);
  });
});

describe('a chart that somebody names', () => {
  /** Why it is not taken. */
  const refusal = (named: string): Promise<string> =>
    namedChart(cluster, named).then(
      ({ place }) => `taken: ${place}`,
      (error: unknown) => {
        if (error instanceof LabError) return error.message;
        throw error;
      },
    );

  it('is taken from an OCI registry by version, by digest, or as the newest', async () => {
    const byVersion = await namedChart(cluster, `${published}:26.8.2`);
    expect(byVersion.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const byDigest = `${published}:26.8.2@${byVersion.digest ?? ''}`;
    for (const named of [published, byDigest]) {
      const { version, digest } = await namedChart(cluster, named);
      expect({ named, version, digest }).toEqual({
        ...{ named, version: '26.8.2', digest: byVersion.digest },
      });
    }
    // By version once, for the release above and for this, and once as the newest.
    const manifest = 'GET /v2/charts/matrix-stack/manifests/26.8.2';
    expect(registry.asked.filter((each) => each === manifest)).toHaveLength(2);
  });

  it('says what is wrong with the name, and what to do', async () => {
    const version = await refusal(`${published}:9.9.9`);
    expect(version).toMatch(/has no chart of this name, or not this version[^]*Next: check both/);
    expect(version).toContain(`${published}:9.9.9`);
    expect(await refusal(`oci://${registry.host}/charts/synapse`)).toContain(
      'no chart of this name',
    );
    const other = `${published}@sha256:${'0'.repeat(64)}`;
    expect(await refusal(other)).toContain('no chart of this name');
    // Nobody listens on port 1.
    expect(await refusal('oci://127.0.0.1:1/charts/matrix-stack:26.8.2')).toMatch(
      /connection refused[^]*is not reached[^]*Next: check its name and port/,
    );
    expect(await refusal(join(repository, 'deploy/rbac'))).toMatch(/not matrix-stack[^]*Next:/);
    expect(await refusal('./no-chart')).toMatch(
      /there is none at \/.*no-chart[^]*Next: name a folder/,
    );
  });
});

describe('pods', () => {
  it('misbehave as told, also those that come, and recover', async () => {
    const { pods } = cluster;
    await pods.behave(of('synapse-main'), 'crash-loop', { everyMs: 500 });
    const restarts = async (): Promise<number> => {
      const [pod] = await pods.list(of('synapse-main'));
      return pod?.status.containerStatuses[0]?.restartCount ?? 0;
    };
    const before = await restarts();
    await until('one more restart', async () => ((await restarts()) > before ? true : undefined), {
      timeoutMs: 60_000,
    });
    const [old = ''] = await pods.names(of('synapse-main'));
    await pods.remove(redis.namespace, old);
    await pods.until(of('synapse-main'), 'crashes again', ([pod]) => {
      const [container] = pod?.status.containerStatuses ?? [];
      return container?.state.waiting?.reason === 'CrashLoopBackOff';
    });
    await pods.behave(of('synapse-main'), 'healthy');
    expect(await restarts()).toBeGreaterThan(0);

    await pods.behave(of('haproxy'), 'oom');
    await pods.behave(of('element-web'), 'not-ready');
    await pods.behave(of('element-admin'), 'image-pull');
    await pods.behave(of('matrix-rtc-sfu'), 'pending');
    await pods.behave(of('matrix-authentication-service'), 'init-crash-loop');
    await pods.behave(of('redis'), 'slow-start', { everyMs: 1000 });
    await pods.until(of('redis'), 'ready by itself', ([pod]) =>
      Boolean(pod?.status.containerStatuses.every(({ ready }) => ready)),
    );
    for (const name of ['haproxy', 'element-web', 'element-admin', 'matrix-rtc-sfu']) {
      await pods.behave(of(name), 'healthy');
    }
    await pods.behave(of('matrix-authentication-service'), 'healthy');
  }, 300_000);

  it('run commands: output, input, exit codes in the form of kwok, programs of their own', async () => {
    const [pod = ''] = await cluster.pods.names(of('postgres'));
    const ref = { namespace: redis.namespace, pod, container: 'postgres' };
    const run = (...command: string[]) => cluster.pods.exec(ref, command);
    expect(await run('sh', '-c', 'echo out; echo err >&2')).toEqual({
      ...{ stdout: 'out\n', stderr: 'err\n', status: 'Success', message: '' },
    });
    expect(await run('sh', '-c', 'exit 3')).toMatchObject({
      ...{ status: 'Failure', message: expect.stringMatching(/exit status 3$/) as unknown },
    });
    // Not `cat`: kwok never ends a command's input.
    const echo = await cluster.pods.exec(ref, ['head', '-c', '5'], 'hello');
    expect(echo.stdout).toBe('hello');
    expect((await run('psql')).status).toBe('Failure');
    await cluster.pods.programs(ref, { psql: 'echo "$1 rows"' });
    expect((await run('psql', '7')).stdout).toBe('7 rows\n');
    expect((await run('sh', '-c', 'psql 8')).stdout).toBe('8 rows\n');
  });

  it('write logs: some by themselves, and what a test writes', async () => {
    const [pod = ''] = await cluster.pods.names(of('postgres'));
    const path = `/api/v1/namespaces/${redis.namespace}/pods/${pod}/log`;
    const read = async (query: string): Promise<string> =>
      (await cluster.api.raw('GET', `${path}?container=postgres&${query}`)).text;
    expect((await read('tailLines=2')).trim().split('\n')).toHaveLength(2);
    const log = await cluster.pods.log({ ...redis, pod, container: 'postgres' });
    log.append(['first', { text: 'long ago', at: Date.now() - 3_600_000 }, 'last']);
    log.writePrevious(['the run before']);
    expect(await read('')).toBe('first\nlong ago\nlast\n');
    expect(await read('previous=true')).toBe('the run before\n');
    log.append(['more']);
    expect(await read('tailLines=1')).toBe('more\n');
  });
});

describe('a cluster of one’s own', () => {
  it('leaves no process when its starter is killed by kill -9', async () => {
    const file = join(import.meta.dirname, '../lab/cluster-starter.ts');
    const starter = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids = await new Promise<string[]>((resolve) => {
      createInterface({ input: starter.stdout }).once('line', (line) => {
        resolve(line.split(' '));
      });
    });
    expect(pids).toHaveLength(5);
    const left = (): string[] => pids.filter((pid) => existsSync(`/proc/${pid}`));
    expect(left()).toEqual(pids);
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    await until('their end', () => (left().length === 0 ? true : undefined), { timeoutMs: 60_000 });
  }, 300_000);
});
