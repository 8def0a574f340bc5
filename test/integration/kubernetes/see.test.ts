import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { openKubernetes } from '../../../src/platform/kubernetes/open.ts';
import type { Kubernetes } from '../../../src/platform/kubernetes/port.ts';
import type { EssChart } from '../../lab/kubernetes/ess.ts';
import { until } from '../../lab/wait.ts';
import { silentLog } from '../../unit/commands/dispatch/world.ts';
import { startGuarded, type Guarded, type Names } from './rbac/guarded.ts';
import { callPorts } from './see/call-ports.ts';
import { lookThrough, type Seen, type Sight } from './see/sight.ts';
import { startStackStub, type StackStub } from './see/stack-stub.ts';

const places = {
  redis: {
    ess: { release: 'ess', namespace: 'see-ess' },
    own: { release: 'eyes', namespace: 'see-own' },
    certs: 'see-certs',
  },
  valkey: {
    ess: { release: 'chat', namespace: 'see-chat' },
    own: { release: 'glasses', namespace: 'see-own-too' },
    certs: 'see-certs-too',
  },
} as const satisfies Record<string, Names>;
type Shape = keyof typeof places;
const ports = { redis: 30_101, valkey: 30_103 } as const;

const guarded = new Map<Shape, Guarded>();
const opened: Kubernetes[] = [];
const sights: Sight[] = [];
let stub: StackStub;

beforeAll(async () => {
  stub = await startStackStub('example.org');
  const start = async (shape: Shape): Promise<void> => {
    const names = places[shape];
    const lab = await startGuarded(names, (cluster) =>
      cluster.installEss({ ...names.ess, shape, values: callPorts(ports[shape]), hooks: false }),
    );
    guarded.set(shape, lab);
  };
  // Most of an install is waiting.
  await Promise.all([start('redis'), start('valkey')]);
}, 300_000);

afterAll(async () => {
  for (const sight of sights) sight.close();
  for (const port of opened) await port.close();
  for (const lab of guarded.values()) await lab[Symbol.asyncDispose]();
  await stub[Symbol.asyncDispose]();
});

function labOf(shape: Shape): Guarded {
  const lab = guarded.get(shape);
  if (lab === undefined) throw new Error(`no lab of shape ${shape}`);
  return lab;
}

const stubUrls = () => {
  const { url } = stub;
  return { synapse: url, mas: url, 'well-known': url, 'rtc-auth': url, 'element-web': url };
};

async function lookAt(shape: Shape): Promise<Sight> {
  const port = await labOf(shape).open('bot');
  opened.push(port);
  const sight = lookThrough(port, stubUrls(), 'example.org');
  sights.push(sight);
  return sight;
}

/** Values of a column of a table that a command showed. */
function column(seen: Seen, table: string, id: string): readonly unknown[] {
  return (seen.json.tables[table] ?? []).map((row) => row[id]);
}

/** What a release of this shape has. */
const componentsOf = (shape: Shape, { hasCacheAlways }: EssChart): readonly string[] => [
  ...['PostgreSQL', 'Synapse', 'Matrix Authentication Service', 'HAProxy'],
  ...['MatrixRTC SFU (LiveKit)', 'MatrixRTC authorisation service'],
  ...['Element Web', 'Element Admin'],
  ...(shape === 'redis' ? ['Synapse federation-sender', 'Synapse sliding-sync'] : []),
  ...(shape === 'redis' || hasCacheAlways ? ['Redis/Valkey'] : []),
];

describe.each(['redis', 'valkey'] as const)('with its token, %s (stub of the stack):', (shape) => {
  const { ess } = places[shape];
  let sight: Sight;
  let chart: EssChart;
  beforeAll(async () => {
    sight = await lookAt(shape);
    chart = await labOf(shape).cluster.essChart(shape);
  });

  it('status shows every component under this name, in this namespace', async () => {
    // A busy machine may take long until all of it is read.
    const look = async (): Promise<Seen | undefined> => {
      const now = await sight.see('status');
      return now.page.includes('Done: All is well.') ? now : undefined;
    };
    const seen = await until('a status in which all is well', look, { timeoutMs: 60_000 });
    expect([...column(seen, 'components', 'component')].sort()).toEqual(
      componentsOf(shape, chart).toSorted(),
    );
    expect(new Set(column(seen, 'components', 'ready'))).toEqual(new Set(['1/1']));
    const [cluster] = seen.json.groups['cluster'] ?? [];
    expect(cluster).toMatchObject({
      release: `${ess.namespace}/${ess.release}`,
      chart: chart.version,
      kubernetes: 'v1.36.4+k3s1',
    });
    // Not among the neighbours of this identity.
    expect(seen.page).toMatch(/cert-manager: +not visible from here/);
    expect(column(seen, 'certificates', 'left_ms').at(-1)).toBeGreaterThan(0);
  });

  it('health asks every part and finds nothing wrong', async () => {
    const look = async (): Promise<Seen | undefined> => {
      const now = await sight.see('health');
      return now.page.includes('Everything does its work.') ? now : undefined;
    };
    const seen = await until('a health with which nothing is wrong', look, { timeoutMs: 60_000 });
    expect(column(seen, 'probes', 'probe')).toHaveLength(14);
    expect(stub.hosts.get('/.well-known/matrix/client')).toBe('example.org');
  });

  it('info has the ports of the SFU as they are, and every Service with its type', async () => {
    const seen = await sight.see('info');
    const outside = column(seen, 'router', 'outside');
    const first = ports[shape];
    expect([...outside].sort()).toEqual([String(first), String(first + 1)]);
    expect(column(seen, 'router', 'inside')).toEqual(outside);
    expect(column(seen, 'urls', 'url')).toContain('https://matrix.example.org');
    const types = new Map(
      (seen.json.tables['services'] ?? []).map((row) => [row['service'], row['type']]),
    );
    for (const name of ['synapse-main', 'postgres', 'element-web']) {
      expect(types.get(`${ess.release}-${name}`)).toBe('ClusterIP');
    }
  });

  it('events are those of the namespace, or of one component', async () => {
    const all = await sight.see('events');
    expect(column(all, 'events', 'about').length).toBeGreaterThan(10);
    const some = await sight.events('postgres');
    const about = column(some, 'events', 'about').map(String);
    expect(about.length).toBeGreaterThan(0);
    for (const name of about) expect(name).toContain(`${ess.release}-postgres`);
  });

  it('perf shows what is used', async () => {
    const look = async (): Promise<Seen | undefined> => {
      const seen = await sight.see('perf');
      const hasAll =
        column(seen, 'components', 'component').length === componentsOf(shape, chart).length;
      return hasAll && column(seen, 'nodes', 'node').length > 0 ? seen : undefined;
    };
    await until('the metrics of the cluster and each component', look, { timeoutMs: 60_000 });
  });

  it('needs few requests once it has looked, and little time', async () => {
    for (const [command, most] of [
      // One more than they send themselves: a watch may open again beside them.
      ['status', 1],
      ['health', 1],
      ['info', 2],
      ['events', 1],
      ['perf', 3],
    ] as const) {
      // Of three times: what is measured once a minute falls into one of them at most.
      const counts: number[] = [];
      for (let times = 0; times < 3 && !counts.some((count) => count <= most); times += 1) {
        counts.push((await sight.see(command)).requests);
      }
      expect(Math.min(...counts), command).toBeLessThanOrEqual(most);
    }
  });
});

describe('what goes wrong in the cluster (stub of the stack)', () => {
  const { ess } = places.redis;
  const of = (name: string) => ({ namespace: ess.namespace, name });

  it.each([
    ['element-admin', 'crash-loop', 'Element Admin: element-admin in', 'ends as soon as it starts'],
    ['matrix-rtc-sfu', 'oom', 'MatrixRTC SFU (LiveKit): sfu in', 'using too much memory'],
    ['element-web', 'image-pull', 'Element Web: the image', 'can not be fetched'],
    ['haproxy', 'pending', 'HAProxy: no node takes', 'since'],
  ] as const)('%s: %s is said in words, first of all', async (name, behaviour, who, what) => {
    const { cluster } = labOf('redis');
    const sight = await lookAt('redis');
    await sight.see('status');
    await cluster.pods.behave(of(name), behaviour);
    const look = async (): Promise<Seen | undefined> => {
      const seen = await sight.see('status');
      return seen.page.includes(who) && seen.page.includes(what) ? seen : undefined;
    };
    const seen = await until(`${behaviour} in status`, look, { timeoutMs: 60_000 });
    expect(seen.json.outcome).toBe('warning');
    // One that crashes runs in between.
    const isFailed = async (): Promise<true | undefined> =>
      (await sight.see('health')).json.outcome === 'failed' ? true : undefined;
    await until(`${behaviour} in health`, isFailed, { timeoutMs: 60_000 });
    await cluster.pods.behave(of(name), 'healthy');
  });
});

describe('a part of the stack that is reached through the API server (stub of the stack)', () => {
  it('is, with the right to forward ports, and else the missing rule is told', async () => {
    const lab = labOf('valkey');
    const { ess } = places.valkey;
    const all = stubUrls();
    const urls = {
      synapse: all.synapse,
      mas: all.mas,
      'rtc-auth': all.mas,
      'element-web': all.mas,
    };
    const port = await lab.open('bot');
    opened.push(port);
    const sight = lookThrough(port, urls, 'example.org');
    sights.push(sight);
    const isRefused = async (): Promise<Seen | undefined> => {
      const seen = await sight.see('health');
      return seen.page.includes('pods/portforward') ? seen : undefined;
    };
    const refused = await until('the missing rule', isRefused, { timeoutMs: 30_000 });
    expect(refused.json.outcome).toBe('failed');

    await lab.install({ portForward: { enabled: true, components: ['haproxy'] } });
    const [pod = ''] = await lab.cluster.pods.names({ ...ess, name: 'haproxy' });
    await lab.cluster.pods.forward({ namespace: ess.namespace, pod }, 8010, stub.port);
    const look = async (): Promise<Seen | undefined> => {
      const seen = await sight.see('health');
      return seen.json.outcome === 'ok' ? seen : undefined;
    };
    await until('the well-known through the API server', look, { timeoutMs: 60_000 });
  });
});

describe('an empty release', () => {
  it('is told as such by every command, and none fails over it', async () => {
    const { cluster, names } = labOf('redis');
    const kubeconfig = await cluster.kubeconfigFor(`${names.own.release}-bot`, names.own.namespace);
    const port = openKubernetes({
      ...{ from: { kubeconfig }, release: 'none', namespace: names.ess.namespace },
      ...{ clock: systemClock, log: silentLog },
    });
    opened.push(port);
    const sight = lookThrough(port, {}, 'example.org');
    sights.push(sight);
    const isRead = async (): Promise<true | undefined> =>
      (await sight.see('status')).page.includes('there is nothing of it in its namespace')
        ? true
        : undefined;
    await until('the namespace to be read', isRead, { timeoutMs: 30_000 });
    const health = await sight.see('health');
    expect(health.json.text[0]).toMatchObject({ value: { text: '1 problem.' } });
    expect((await sight.see('info')).page).toContain('No Service takes anything from outside yet.');
    await expect(sight.events('synapse')).rejects.toMatchObject({
      code: 'E_RELEASE_EMPTY',
    });
    await expect(sight.events('synapze')).rejects.toMatchObject({
      params: { suggestion: { params: { nearest: 'synapse' } } },
    });
  });
});
