import { parseNamespace } from '../../src/platform/kubernetes/namespace.ts';
import type {
  Claim,
  ClusterEvent,
  ClusterNode,
  Condition,
  ContainerSpec,
  ContainerStatus,
  Ingress,
  Labels,
  NamespacedMeta,
  Pod,
  Service,
  Workload,
} from '../../src/platform/kubernetes/port.ts';
import { fakeNow } from './cluster.ts';

const hour = 3_600_000;
let made = 0;

/** What every object in a namespace has; each has a uid of its own. */
export function fakeMeta(
  name: string,
  labels: Labels = {},
  namespace = 'ess',
  createdAt = fakeNow - 48 * hour,
): NamespacedMeta {
  made += 1;
  return {
    name,
    labels,
    namespace: parseNamespace(namespace),
    uid: `uid-${made}`,
    resourceVersion: String(made),
    createdAt,
    deletingSince: null,
  };
}

/** A condition that has held for an hour. */
export function fakeCondition(
  type: string,
  status: Condition['status'],
  rest: Partial<Condition> = {},
): Condition {
  return { type, status, reason: null, message: null, since: fakeNow - hour, ...rest };
}

/** A container as it is wanted. */
export function fakeContainer(name: string, image = `registry.test/${name}:1.0.0`): ContainerSpec {
  const none = { milliCores: null, bytes: null };
  return { name, image, ports: [], requests: none, limits: none };
}

/** A container that runs and is ready. */
export function fakeStatus(name: string, rest: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name,
    image: `registry.test/${name}:1.0.0`,
    ready: true,
    started: true,
    restarts: 0,
    state: { is: 'running', startedAt: fakeNow - 24 * hour },
    last: null,
    ...rest,
  };
}

/** A workload that is as it should be, with one pod. */
export function fakeWorkload(
  kind: Workload['kind'],
  meta: NamespacedMeta,
  containers: readonly ContainerSpec[],
  rest: Partial<Workload> = {},
): Workload {
  const instance = meta.labels['app.kubernetes.io/instance'] ?? meta.name;
  return {
    ...meta,
    kind,
    annotations: {},
    wanted: 1,
    ready: 1,
    updated: 1,
    available: 1,
    observed: true,
    revision: '1',
    paused: false,
    selector: { 'app.kubernetes.io/instance': instance },
    containers,
    initContainers: [],
    conditions: kind === 'Deployment' ? [fakeCondition('Available', 'True')] : [],
    restartedAt: null,
    ...rest,
  };
}

/** A pod that runs and is ready. */
export function fakePod(
  meta: NamespacedMeta,
  containers: readonly string[],
  rest: Partial<Pod> = {},
): Pod {
  return {
    ...meta,
    phase: 'Running',
    reason: null,
    message: null,
    ready: true,
    conditions: [fakeCondition('PodScheduled', 'True'), fakeCondition('Ready', 'True')],
    specs: containers.map((name) => fakeContainer(name)),
    containers: containers.map((name) => fakeStatus(name)),
    initContainers: [],
    owner: { kind: 'ReplicaSet', name: meta.name.replace(/-[^-]+$/, '') },
    node: 'node-1',
    ip: '10.42.0.7',
    startedAt: meta.createdAt,
    claims: [],
    ...rest,
  };
}

/** A Service inside the cluster. */
export function fakeService(
  meta: NamespacedMeta,
  ports: readonly (Partial<Service['ports'][number]> & { readonly port: number })[],
  rest: Partial<Service> = {},
): Service {
  return {
    ...meta,
    type: 'ClusterIP',
    clusterIP: '10.43.0.7',
    ports: ports.map((port) => ({
      ...{ name: null, targetPort: port.port, nodePort: null, protocol: 'TCP' },
      ...port,
    })),
    selector: { 'app.kubernetes.io/instance': meta.name },
    loadBalancer: [],
    externalTrafficPolicy: null,
    ...rest,
  };
}

/** An Ingress with one host and one path. */
export function fakeIngress(
  meta: NamespacedMeta,
  host: string,
  service: string,
  rest: Partial<Ingress> = {},
): Ingress {
  return {
    ...meta,
    annotations: {},
    className: 'traefik',
    rules: [{ host, paths: [{ path: '/', pathType: 'Prefix', service, port: 'http' }] }],
    tls: [{ hosts: [host], secretName: `${meta.name}-certmanager-tls` }],
    loadBalancer: ['192.168.1.10'],
    ...rest,
  };
}

/** A claim that is bound to a volume of the same name with `pv-` in front. */
export function fakeClaim(meta: NamespacedMeta, rest: Partial<Claim> = {}): Claim {
  return {
    ...meta,
    phase: 'Bound',
    volumeName: `pv-${meta.name}`,
    storageClass: 'local-path',
    requestedBytes: 10 * 1024 ** 3,
    capacityBytes: 10 * 1024 ** 3,
    accessModes: ['ReadWriteOnce'],
    ...rest,
  };
}

/** A node that is ready and under no pressure. */
export function fakeNode(name = 'node-1', rest: Partial<ClusterNode> = {}): ClusterNode {
  const { uid, resourceVersion, labels, createdAt, deletingSince } = fakeMeta(name);
  const capacity = {
    milliCores: 4000,
    bytes: 8 * 1024 ** 3,
    pods: 110,
    storageBytes: 100 * 1024 ** 3,
  };
  return {
    ...{ name, uid, resourceVersion, labels, createdAt, deletingSince },
    conditions: [
      fakeCondition('MemoryPressure', 'False'),
      fakeCondition('DiskPressure', 'False'),
      fakeCondition('PIDPressure', 'False'),
      fakeCondition('Ready', 'True'),
    ],
    unschedulable: false,
    capacity,
    allocatable: capacity,
    kubeletVersion: 'v1.36.4+k3s1',
    runtime: 'containerd://2.1.4',
    osImage: 'Debian GNU/Linux 12 (bookworm)',
    kernel: '6.1.0',
    addresses: [
      { type: 'InternalIP', address: '192.168.1.10' },
      { type: 'Hostname', address: name },
    ],
    taints: [],
    ...rest,
  };
}

/** An event of the cluster about an object, a minute ago. */
export function fakeEvent(
  about: { readonly kind: string; readonly name: string; readonly uid?: string },
  reason: string,
  message: string,
  rest: Partial<ClusterEvent> = {},
): ClusterEvent {
  const meta = fakeMeta(`${about.name}.${reason.toLowerCase()}`);
  return {
    ...meta,
    type: 'Warning',
    reason,
    message,
    about: { uid: null, ...about },
    count: 1,
    firstAt: fakeNow - 60_000,
    lastAt: fakeNow - 60_000,
    source: 'kubelet',
    ...rest,
  };
}
