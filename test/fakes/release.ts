import type { CustomObject, Labels } from '../../src/platform/kubernetes/port.ts';
import { FakeCluster, type FakeClusterOptions, fakeNow } from './cluster.ts';
import {
  fakeClaim,
  fakeCondition,
  fakeContainer,
  fakeIngress,
  fakeMeta,
  fakeNode,
  fakePod,
  fakeService,
  fakeWorkload,
} from './objects.ts';

/** `redis`: chart 26.8 with a Redis Deployment; `valkey`: from 26.9.1 on, a Valkey StatefulSet. */
export type Shape = 'redis' | 'valkey';

interface Part {
  readonly name: string;
  readonly component: string;
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly containers: readonly string[];
  readonly version: string;
}

const parts = (shape: Shape): readonly Part[] => [
  part('postgres', 'matrix-stack-db', 'StatefulSet', '17-alpine', [
    ...['postgres', 'postgres-ess-updater', 'postgres-exporter'],
  ]),
  shape === 'redis'
    ? part('redis', 'matrix-pubsub-small-cache', 'Deployment', '7.4-alpine', ['redis'])
    : part('valkey', 'matrix-pubsub-small-cache', 'StatefulSet', '8.1-alpine', ['valkey']),
  part('synapse-main', 'matrix-server', 'StatefulSet', 'v1.159.0', ['synapse']),
  part('matrix-authentication-service', 'matrix-authentication', 'Deployment', '1.23.0'),
  part('haproxy', 'matrix-stack-ingress', 'Deployment', '3.2-alpine'),
  part('matrix-rtc-sfu', 'matrix-rtc-voip-server', 'Deployment', 'v1.13.5', ['sfu']),
  part(
    ...(['matrix-rtc-authorisation-service', 'matrix-rtc-authorisation-service'] as const),
    ...(['Deployment', '0.6.0'] as const),
  ),
  part('element-web', 'matrix-client', 'Deployment', 'v1.12.26'),
  part('element-admin', 'matrix-admin-client', 'Deployment', '0.1.12'),
];

function part(
  name: string,
  component: string,
  kind: Part['kind'],
  version: string,
  containers: readonly string[] = [name],
): Part {
  return { name, component, kind, version, containers };
}

const chartOf = { redis: '26.8.2-dev', valkey: '26.11.2' } as const satisfies Record<Shape, string>;

/**
 * A fake cluster with one node and a release of the chart in which all is well: workloads, a pod for
 * each, Services, Ingresses, claims and certificates, with the chart's own names and labels.
 */
export function fakeRelease(
  options: FakeClusterOptions & {
    readonly shape?: Shape;
    readonly workers?: readonly string[];
  } = {},
): FakeCluster {
  const cluster = new FakeCluster(options);
  const { shape = 'redis', workers = [] } = options;
  cluster.view.put('Node', fakeNode());
  const all = [
    ...parts(shape),
    ...workers.map((type) =>
      part(`synapse-${type}`, 'matrix-server', 'StatefulSet', 'v1.159.0', ['synapse']),
    ),
  ];
  for (const each of all) putPart(cluster, each, shape);
  putServices(cluster, shape);
  putIngresses(cluster, shape);
  return cluster;
}

/** Labels as the chart gives them, those of pods without the chart's version. */
export function chartLabels(
  cluster: FakeCluster,
  name: string,
  component: string,
  version: string,
  shape: Shape | null = null,
): Labels {
  return {
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/part-of': 'matrix-stack',
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': `${cluster.release}-${name}`,
    'app.kubernetes.io/version': version,
    ...(shape === null ? {} : { 'helm.sh/chart': `matrix-stack-${chartOf[shape]}` }),
  };
}

function putPart(cluster: FakeCluster, each: Part, shape: Shape): void {
  const name = `${cluster.release}-${each.name}`;
  const labels = chartLabels(cluster, each.name, each.component, each.version, shape);
  const containers = each.containers.map((container) =>
    fakeContainer(container, `registry.test/${container}:${each.version}`),
  );
  const claim = claimOf(each.name);
  if (claim !== null) {
    const meta = fakeMeta(`${cluster.release}-${claim}`, labels, cluster.namespace);
    cluster.view.put('PersistentVolumeClaim', fakeClaim(meta));
  }
  const meta = fakeMeta(name, labels, cluster.namespace);
  cluster.view.put(each.kind, fakeWorkload(each.kind, meta, containers));
  const podName = each.kind === 'StatefulSet' ? `${name}-0` : `${name}-5d9c7b8f6-x2x4z`;
  const podLabels = chartLabels(cluster, each.name, each.component, each.version);
  cluster.view.put(
    'Pod',
    fakePod(fakeMeta(podName, podLabels, cluster.namespace), each.containers, {
      claims: claim === null ? [] : [`${cluster.release}-${claim}`],
    }),
  );
}

function claimOf(name: string): string | null {
  if (name === 'postgres') return 'postgres-data';
  return name === 'synapse-main' ? 'synapse-media' : null;
}

function putServices(cluster: FakeCluster, shape: Shape): void {
  const { release, namespace, view } = cluster;
  const service = (name: string, target: string, ports: Parameters<typeof fakeService>[1]) => {
    const labels = chartLabels(cluster, name, 'service', '1', shape);
    view.put(
      'Service',
      fakeService(fakeMeta(`${release}-${name}`, labels, namespace), ports, {
        selector: { 'app.kubernetes.io/instance': `${release}-${target}` },
      }),
    );
  };
  service('synapse', 'haproxy', [{ name: 'haproxy-synapse', port: 8008 }]);
  service('synapse-main', 'synapse-main', [{ name: 'synapse-http', port: 8008 }]);
  service('matrix-authentication-service', 'matrix-authentication-service', [
    { name: 'http', port: 8080 },
    { name: 'internal', port: 8081 },
  ]);
  service('well-known', 'haproxy', [{ name: 'haproxy-wkd', port: 8010 }]);
  service('element-web', 'element-web', [{ name: 'web', port: 80 }]);
  service('element-admin', 'element-admin', [{ name: 'http', port: 8080 }]);
  service('matrix-rtc-authorisation-service', 'matrix-rtc-authorisation-service', [
    { name: 'http', port: 8080 },
  ]);
  service('matrix-rtc-sfu', 'matrix-rtc-sfu', [{ name: 'http', port: 7880 }]);
  service('postgres', 'postgres', [{ name: 'postgres', port: 5432 }]);
  for (const [name, port, protocol] of [
    ['matrix-rtc-sfu-tcp', 30001, 'TCP'],
    ['matrix-rtc-sfu-muxed-udp', 30002, 'UDP'],
  ] as const) {
    const labels = chartLabels(cluster, 'matrix-rtc-sfu-rtc', 'matrix-rtc-voip-server', '1', shape);
    view.put(
      'Service',
      fakeService(
        fakeMeta(`${release}-${name}`, labels, namespace),
        [{ name: name.slice(15), port, nodePort: port, protocol }],
        {
          type: 'NodePort',
          selector: { 'app.kubernetes.io/instance': `${release}-matrix-rtc-sfu` },
        },
      ),
    );
  }
}

const hosts = [
  ['synapse', 'matrix.example.org', 'synapse'],
  ['matrix-authentication-service', 'account.example.org', 'matrix-authentication-service'],
  ['element-web', 'chat.example.org', 'element-web'],
  ['element-admin', 'admin.example.org', 'element-admin'],
  ['matrix-rtc', 'mrtc.example.org', 'matrix-rtc-sfu'],
  ['well-known', 'example.org', 'well-known'],
] as const;

function putIngresses(cluster: FakeCluster, shape: Shape): void {
  const { release, namespace, view } = cluster;
  for (const [name, host, service] of hosts) {
    const label = name === 'well-known' ? 'well-known-ingress' : name;
    const labels = chartLabels(cluster, label, 'ingress', '1', shape);
    const meta = fakeMeta(`${release}-${name}`, labels, namespace);
    view.put('Ingress', fakeIngress(meta, host, `${release}-${service}`));
    view.put('Certificate', fakeCertificate(cluster, `${release}-${name}-certmanager-tls`, [host]));
  }
}

const day = 86_400_000;

/** A certificate that is ready, 60 of its 90 days left. */
export function fakeCertificate(
  cluster: FakeCluster,
  name: string,
  dnsNames: readonly string[],
  rest: Partial<CustomObject> = {},
): CustomObject {
  return {
    ...fakeMeta(name, {}, cluster.namespace),
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    annotations: {},
    conditions: [fakeCondition('Ready', 'True', { reason: 'Ready' })],
    spec: {
      dnsNames: [...dnsNames],
      secretName: name,
      issuerRef: { kind: 'ClusterIssuer', name: 'letsencrypt' },
    },
    status: {
      notBefore: new Date(fakeNow - 30 * day).toISOString(),
      notAfter: new Date(fakeNow + 60 * day).toISOString(),
      renewalTime: new Date(fakeNow + 30 * day).toISOString(),
      revision: 1,
    },
    ...rest,
  };
}
