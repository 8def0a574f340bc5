import { AppError } from '../../core/errors.ts';
import { parseNamespace } from '../../platform/kubernetes/namespace.ts';
import type { Kubernetes, Workload } from '../../platform/kubernetes/port.ts';
import { imageTag } from './image-version.ts';

/** What runs beside the release and keeps it alive or watches it. */
export type Neighbour =
  | {
      readonly is: 'there';
      readonly name: NeighbourName;
      readonly namespace: string;
      readonly version: string | null;
      readonly ready: number;
      readonly wanted: number;
    }
  | { readonly is: 'absent'; readonly name: NeighbourName }
  /** Our identity may not look there. */
  | { readonly is: 'hidden'; readonly name: NeighbourName; readonly problem: AppError };

/** Name of a neighbour, as its own project writes it. */
export type NeighbourName = 'Traefik' | 'CoreDNS' | 'cert-manager' | 'Prometheus' | 'Alertmanager';

interface Known {
  readonly name: NeighbourName;
  readonly namespaces: readonly string[];
  readonly matches: (workload: Workload) => boolean;
}

const labelled = (name: string) => (workload: Workload) =>
  workload.labels['app.kubernetes.io/name'] === name;

const known: readonly Known[] = [
  { name: 'Traefik', namespaces: ['kube-system'], matches: labelled('traefik') },
  {
    name: 'CoreDNS',
    namespaces: ['kube-system'],
    matches: ({ name, labels }) => name === 'coredns' || labels['k8s-app'] === 'kube-dns',
  },
  { name: 'cert-manager', namespaces: ['cert-manager'], matches: labelled('cert-manager') },
  { name: 'Prometheus', namespaces: ['monitoring'], matches: labelled('prometheus') },
  { name: 'Alertmanager', namespaces: ['monitoring'], matches: labelled('alertmanager') },
];

/**
 * Looks for them in their usual namespaces, each asked once, side by side. Throws the signal's
 * reason; what can't be read is told, and what can't be reached counts as hidden.
 */
export async function readNeighbours(
  kubernetes: Pick<Kubernetes, 'listLive'>,
  signal?: AbortSignal,
): Promise<readonly Neighbour[]> {
  const namespaces = [...new Set(known.flatMap((each) => each.namespaces))];
  const found = new Map(
    await Promise.all(
      namespaces.map(async (name) => [name, await workloadsIn(kubernetes, name, signal)] as const),
    ),
  );
  return known.map(({ name, namespaces: places, matches }): Neighbour => {
    let hidden: AppError | null = null;
    for (const namespace of places) {
      const workloads = found.get(namespace) ?? [];
      if (workloads instanceof AppError) {
        hidden = workloads;
        continue;
      }
      const workload = workloads.find(matches);
      if (workload === undefined) continue;
      const { ready, wanted, containers } = workload;
      const version = imageTag(containers[0]?.image ?? '');
      return { is: 'there', name, namespace, version, ready, wanted };
    }
    return hidden === null ? { is: 'absent', name } : { is: 'hidden', name, problem: hidden };
  });
}

async function workloadsIn(
  kubernetes: Pick<Kubernetes, 'listLive'>,
  name: string,
  signal: AbortSignal | undefined,
): Promise<readonly Workload[] | AppError> {
  const namespace = parseNamespace(name);
  try {
    const [deployments, statefulSets] = await Promise.all([
      kubernetes.listLive('Deployment', { namespace }, signal),
      kubernetes.listLive('StatefulSet', { namespace }, signal),
    ]);
    return [...deployments, ...statefulSets];
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
