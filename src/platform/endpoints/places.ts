import type { Kubernetes, Service } from '../kubernetes/port.ts';
import type { EndpointName } from './endpoint.ts';

/** Which Service leads to an endpoint: label `name` of the component, and the port's name. */
interface Place {
  /** Label `app.kubernetes.io/name` of the Service. */
  readonly names: readonly string[];
  /** Whether the Service is of the release; else it is looked for by name alone. */
  readonly ofRelease: boolean;
  readonly ports: readonly string[];
}

const places: Readonly<Record<EndpointName, Place>> = {
  // Through HAProxy, as clients come: it knows which worker takes what.
  synapse: { names: ['synapse'], ofRelease: true, ports: ['haproxy-synapse', 'synapse-http'] },
  mas: { names: ['matrix-authentication-service'], ofRelease: true, ports: ['http'] },
  'well-known': { names: ['well-known-ingress'], ofRelease: true, ports: ['haproxy-wkd'] },
  'rtc-auth': { names: ['matrix-rtc-authorisation-service'], ofRelease: true, ports: ['http'] },
  'element-web': { names: ['element-web'], ofRelease: true, ports: ['web', 'http'] },
  'postgres-metrics': { names: ['postgres'], ofRelease: true, ports: ['metrics'] },
  alertmanager: { names: ['alertmanager'], ofRelease: false, ports: ['http-web', 'web', 'http'] },
};

/** A Service and one of its ports. */
export interface PlacedService {
  readonly service: Service;
  readonly port: number;
}

/** Finds the Service of an endpoint in what the watches know; null: there is none. */
export function placeOf(
  { view, release, namespace }: Pick<Kubernetes, 'view' | 'release' | 'namespace'>,
  name: EndpointName,
): PlacedService | null {
  const place = places[name];
  for (const label of place.names) {
    const labels = {
      'app.kubernetes.io/name': label,
      ...(place.ofRelease ? { 'app.kubernetes.io/instance': `${release}-${label}` } : {}),
    };
    for (const service of view.list('Service', { namespace, labels }).value) {
      const port = service.ports.find((each) => place.ports.includes(each.name ?? ''));
      if (port !== undefined) return { service, port: port.port };
    }
  }
  return null;
}
