import { parseNamespace } from '../../platform/kubernetes/namespace.ts';
import type { ClusterNode, Kubernetes, Service } from '../../platform/kubernetes/port.ts';
import type { Stack } from './stack.ts';

/** What a forwarded port is for. */
export type Purpose =
  | { readonly is: 'web' | 'websecure' | 'federation' | 'calls' }
  | { readonly is: 'other'; readonly name: string };

/** One line of the table that a person types into a router. */
export interface Forwarding {
  readonly outside: number;
  readonly protocol: string;
  /** Address of the node; null: unknown. */
  readonly to: string | null;
  readonly inside: number;
  readonly purpose: Purpose;
}

const kubeSystem = parseNamespace('kube-system');

/** Services of Traefik, which takes what comes from outside. Throws what `listLive` throws. */
export async function entryServices(
  kubernetes: Pick<Kubernetes, 'listLive'>,
  signal: AbortSignal,
): Promise<readonly Service[]> {
  const labelSelector = 'app.kubernetes.io/name=traefik';
  return kubernetes.listLive('Service', { namespace: kubeSystem, labelSelector }, signal);
}

/** Address by which a router reaches a node. */
export function nodeAddress(nodes: readonly ClusterNode[]): string | null {
  return nodes[0]?.addresses.find(({ type }) => type === 'InternalIP')?.address ?? null;
}

/**
 * What a router has to forward, from the live Services: the ports of a load balancer as they are
 * (K3s's ServiceLB takes them on the node), and the ports on the node of all others.
 */
export function routerTable(stack: Stack, entry: readonly Service[]): readonly Forwarding[] {
  const to = nodeAddress(stack.nodes);
  return [...entry, ...stack.services].flatMap((service) =>
    service.ports.flatMap(({ name, port, nodePort, protocol }): readonly Forwarding[] => {
      const purpose = purposeOf(service, name, entry.includes(service));
      if (service.type === 'LoadBalancer') {
        return [{ outside: port, protocol, to, inside: port, purpose }];
      }
      if (service.type !== 'NodePort' || nodePort === null) return [];
      return [{ outside: nodePort, protocol, to, inside: nodePort, purpose }];
    }),
  );
}

function purposeOf(service: Service, port: string | null, isEntry: boolean): Purpose {
  if (isEntry && (port === 'web' || port === 'websecure')) return { is: port };
  if (isEntry && (port?.includes('fed') === true || port === 'matrix')) return { is: 'federation' };
  if (service.labels['app.kubernetes.io/component'] === 'matrix-rtc-voip-server') {
    return { is: 'calls' };
  }
  return { is: 'other', name: service.name };
}

/** Port that people put behind a host name; null: the usual one of HTTPS, or unknown. */
export function httpsPort(entry: readonly Service[]): number | null {
  const ports = entry.flatMap((service) => service.ports.map((port) => ({ ...port, service })));
  const found = ports.find(({ name }) => name === 'websecure');
  if (found === undefined) return null;
  const { service, port, nodePort } = found;
  const outside = service.type === 'NodePort' ? nodePort : port;
  return outside === 443 ? null : outside;
}
