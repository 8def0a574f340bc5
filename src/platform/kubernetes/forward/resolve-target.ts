import { AppError } from '../../../core/errors.ts';
import { say } from '../../../core/text.ts';
import type { ObjectRef, Pod, Service } from '../objects.ts';
import type { ForwardTarget } from '../port.ts';

/** A pod and the number of its port. */
export interface PodPort {
  readonly pod: ObjectRef;
  readonly port: number;
}

/** How Services and pods are looked up. */
export interface Lookup {
  service(ref: ObjectRef): Promise<Service | null>;
  /** Pods that a Service selects. */
  pods(service: Service): Promise<readonly Pod[]>;
}

function missing(what: string, { namespace }: ObjectRef): AppError {
  const place = say('kubernetes.here', { namespace });
  return new AppError('E_KUBERNETES_NOT_FOUND', { what, place });
}

/**
 * The pod and port behind a target: of a Service a ready pod, since port-forward knows only pods.
 * Throws `E_KUBERNETES_NOT_FOUND`.
 */
export async function resolveTarget(target: ForwardTarget, lookup: Lookup): Promise<PodPort> {
  if ('pod' in target) return target;
  const { service: ref, port: wanted } = target;
  const service = await lookup.service(ref);
  if (service === null) throw missing(`services ${ref.name}`, ref);
  const port = service.ports.find((each) => each.port === wanted || each.name === wanted);
  if (port === undefined) throw missing(`services ${ref.name}:${wanted}`, ref);
  const pods = await lookup.pods(service);
  const pod = pods.find((each) => each.ready && each.deletingSince === null);
  if (pod === undefined) throw missing(`services ${ref.name} (ready pod)`, ref);
  const { targetPort } = port;
  if (typeof targetPort === 'number') return { pod, port: targetPort };
  const ports = pod.specs.flatMap((container) => container.ports);
  const named = ports.find((each) => each.name === targetPort);
  if (named === undefined) throw missing(`pods ${pod.name}:${targetPort}`, ref);
  return { pod, port: named.port };
}
