import { AppError } from '../../core/errors.ts';
import type { Kubernetes, Pod } from '../../platform/kubernetes/port.ts';
import { findComponentKind } from '../stack/find-component.ts';
import { notInstalled } from '../stack/not-installed.ts';
import { readStack } from '../stack/stack.ts';
import type { LogSource } from './read-log.ts';

/** A log that can be read, and what is known of it already. */
export interface KnownSource extends LogSource {
  /** Whether there was a run before this one. */
  readonly hasPrevious: boolean;
}

/** More pods than this are too many to read at once. */
const mostSources = 12;

/**
 * The logs of a component: one for each of its pods. `container`: another one than that which does
 * the work; it may be an init container. Throws `E_COMPONENT_UNKNOWN`, what `notInstalled` says,
 * `E_CONTAINER_UNKNOWN`.
 */
export function logSources(
  cluster: Pick<Kubernetes, 'release' | 'namespace' | 'view'>,
  typed: string,
  container: string | null,
): { readonly title: string; readonly key: string; readonly sources: readonly KnownSource[] } {
  const { release } = cluster;
  const stack = readStack(cluster);
  const kind = findComponentKind(typed, release, stack.components);
  const component = stack.components.find((each) => each.kind === kind);
  if (component === undefined) throw notInstalled(stack, kind.title);
  const names = new Set(component.pods.flatMap(containersOf));
  if (container !== null && names.size > 0 && !names.has(container)) {
    const containers = [...names].join(', ');
    throw new AppError('E_CONTAINER_UNKNOWN', { container, component: kind.key, containers });
  }
  // Who names one pod wants its log only.
  const one = component.pods.filter(({ name }) => name === typed.trim());
  const wantedPods = one.length > 0 ? one : component.pods;
  const sources = wantedPods.slice(0, mostSources).flatMap((pod): readonly KnownSource[] => {
    const all = containersOf(pod);
    const wanted = container ?? (all.includes(kind.container) ? kind.container : all[0]);
    if (wanted === undefined || !all.includes(wanted)) return [];
    const status = [...pod.containers, ...pod.initContainers].find(({ name }) => name === wanted);
    const hasPrevious = (status?.restarts ?? 0) > 0;
    const { namespace, name } = pod;
    return [{ namespace, name, container: wanted, hasPrevious }];
  });
  return { title: kind.title, key: kind.key, sources };
}

/** Those that do the work first. */
function containersOf(pod: Pod): readonly string[] {
  return [...pod.specs, ...pod.initContainers].map(({ name }) => name);
}
