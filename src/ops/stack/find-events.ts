import type { ClusterEvent, Kubernetes } from '../../platform/kubernetes/port.ts';
import { findComponentKind } from './find-component.ts';
import { notInstalled } from './not-installed.ts';
import { readStack } from './stack.ts';

/** Which events are wanted. */
export interface EventQuery {
  /** As a person typed it; null: of the whole namespace. */
  readonly component: string | null;
  /** Also what went well. */
  readonly all: boolean;
}

/**
 * Events of the namespace, newest first. Throws `E_KUBERNETES_FORBIDDEN` where they may not be
 * read, `E_COMPONENT_UNKNOWN`, what `notInstalled` says.
 */
export function findEvents(kubernetes: Kubernetes, query: EventQuery): readonly ClusterEvent[] {
  const { view, namespace } = kubernetes;
  const { value, watch } = view.list('Event', { namespace });
  if (watch.is === 'forbidden') throw watch.problem;
  const concerns = concernsWhat(kubernetes, query.component);
  return value
    .filter((event) => (query.all || event.type !== 'Normal') && concerns(event))
    .sort((one, other) => other.lastAt - one.lastAt);
}

function concernsWhat(
  kubernetes: Kubernetes,
  typed: string | null,
): (event: ClusterEvent) => boolean {
  if (typed === null) return () => true;
  const stack = readStack(kubernetes);
  const { release } = stack;
  const kind = findComponentKind(typed, release, stack.components);
  const component = stack.components.find((each) => each.kind === kind);
  if (component === undefined) throw notInstalled(stack, kind.title);
  const { workload, pods, services, claims } = component;
  const exact = new Set([workload, ...pods, ...services, ...claims].map(({ name }) => name));
  // Pods and ReplicaSets that are gone: their names go on after the workload's with a hash or number.
  const gone = new RegExp(
    `^${workload.name.replaceAll('.', '\\.')}-([0-9a-z]{4,10}(-[0-9a-z]{5})?|\\d+)$`,
  );
  return ({ about }) =>
    exact.has(about.name) ||
    ((about.kind === 'Pod' || about.kind === 'ReplicaSet') && gone.test(about.name));
}
