import type {
  Claim,
  ClusterNode,
  Ingress,
  Kubernetes,
  Namespace,
  Pod,
  Service,
  Workload,
} from '../../platform/kubernetes/port.ts';
import { certificateOf, type StackCertificate } from './certificate.ts';
import type { ComponentKind } from './component-kind.ts';
import { components } from './components.ts';
import { dataOf, type DataState } from './data-state.ts';
import { versionOf } from './image-version.ts';
import { chartVersionOf, isOfComponent, isOfRelease } from './labels.ts';

/** A component of the chart that the release has. */
export interface Component {
  readonly kind: ComponentKind;
  readonly workload: Workload;
  /** By name, also those that are being deleted. */
  readonly pods: readonly Pod[];
  /** Those that lead to its pods. */
  readonly services: readonly Service[];
  /** Public host names whose Ingress leads to one of its Services. */
  readonly hosts: readonly string[];
  readonly claims: readonly Claim[];
  /** Tag of its image; where it is pinned by digest, what the chart calls it. */
  readonly version: string | null;
}

/** A release of the chart, as the watches know it. */
export interface Stack {
  readonly release: string;
  readonly namespace: Namespace;
  /** Version of the chart; null: unknown. */
  readonly chart: string | null;
  /** In the order in which they start. */
  readonly components: readonly Component[];
  /** What the chart could have and this release has not. Workers are left out: all are optional. */
  readonly notInstalled: readonly ComponentKind[];
  /** Pods of the release that are of no component, e.g. of the jobs around an upgrade. */
  readonly otherPods: readonly Pod[];
  readonly services: readonly Service[];
  readonly ingresses: readonly Ingress[];
  readonly claims: readonly Claim[];
  /** Of the whole namespace: nothing marks those that serve the release. */
  readonly certificates: readonly StackCertificate[];
  readonly nodes: readonly ClusterNode[];
  /** Whether all of this is of now, and what could not be seen. */
  readonly data: DataState;
}

/** Reads the release out of the watches' memory; asks nothing of the API server. */
export function readStack(kubernetes: Pick<Kubernetes, 'release' | 'namespace' | 'view'>): Stack {
  const { release, namespace, view } = kubernetes;
  const inNamespace = { namespace };
  const workloads = view.workloads(inNamespace);
  const pods = view.list('Pod', inNamespace);
  const services = view.list('Service', inNamespace).value;
  const ingresses = view.list('Ingress', inNamespace).value;
  const claims = view.list('PersistentVolumeClaim', inNamespace).value;
  const podsOfRelease = pods.value.filter(({ labels }) => isOfRelease(labels, release));
  const parts = { release, pods: podsOfRelease, services, ingresses, claims };
  const found = components.flatMap((kind) => componentsOf(kind, workloads.value, parts));
  const taken = new Set(found.flatMap((component) => component.pods));
  return {
    release,
    namespace,
    chart: chartOf(workloads.value, release),
    components: found,
    notInstalled: components.filter(
      (kind) => !kind.isWorker && !found.some((component) => component.kind === kind),
    ),
    otherPods: podsOfRelease.filter((pod) => !taken.has(pod)),
    services: services.filter(({ labels }) => isOfRelease(labels, release)),
    ingresses: ingresses.filter(({ labels }) => isOfRelease(labels, release)),
    claims: claims.filter(({ labels }) => isOfRelease(labels, release)),
    certificates: view.list('Certificate', inNamespace).value.map(certificateOf),
    nodes: view.list('Node').value,
    data: dataOf(view),
  };
}

interface Parts {
  readonly release: string;
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly ingresses: readonly Ingress[];
  readonly claims: readonly Claim[];
}

function componentsOf(
  kind: ComponentKind,
  workloads: readonly Workload[],
  parts: Parts,
): readonly Component[] {
  const { release } = parts;
  const workload = kind.names
    .map((name) => workloads.find(({ labels }) => isOfComponent(labels, release, name)))
    .find((each) => each !== undefined);
  if (workload === undefined) return [];
  const pods = parts.pods.filter(({ labels }) => selects(workload.selector, labels));
  const services = parts.services.filter(({ selector }) => selects(selector, workload.selector));
  const mounted = new Set(pods.flatMap(({ claims }) => claims));
  const claims = parts.claims.filter(({ name }) => mounted.has(name));
  const version = versionOf(kind, workload);
  const hosts = hostsOf(services, parts.ingresses);
  return [{ kind, workload, pods, services, hosts, claims, version }];
}

/** Whether something with these labels is selected. An empty selector selects nothing here. */
function selects(selector: Workload['selector'], labels: Workload['labels']): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

function hostsOf(services: readonly Service[], ingresses: readonly Ingress[]): readonly string[] {
  const names = new Set(services.map(({ name }) => name));
  const hosts = ingresses.flatMap(({ rules }) =>
    rules
      .filter(({ paths }) => paths.some(({ service }) => service !== null && names.has(service)))
      .flatMap(({ host }) => (host === null ? [] : [host])),
  );
  return [...new Set(hosts)];
}

function chartOf(workloads: readonly Workload[], release: string): string | null {
  const versions = workloads
    .filter(({ labels }) => isOfRelease(labels, release))
    .map(({ labels }) => chartVersionOf(labels))
    .filter((version) => version !== null);
  return versions[0] ?? null;
}
