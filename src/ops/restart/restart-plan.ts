import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { ComponentKind } from '../stack/component-kind.ts';
import { components } from '../stack/components.ts';
import { findComponentKind } from '../stack/find-component.ts';
import { judgeComponent } from '../stack/judge-workload.ts';
import { notInstalled } from '../stack/not-installed.ts';
import type { Judged } from '../stack/problem.ts';
import { readStack, type Component } from '../stack/stack.ts';

/** A word that means every component. */
export const everything = 'all';

/** Components in the order in which they are restarted: what others need comes first. */
export const restartOrder: readonly ComponentKind[] = [...components].sort(
  (one, other) => one.startOrder - other.startOrder,
);

/** One component that would be restarted. */
export interface PlannedRestart {
  readonly component: Component;
  /** What is wrong with it already; worst first. */
  readonly problems: readonly Judged[];
}

/**
 * What a restart of `typed` (a component, or {@link everything}) is going to do, in its order.
 * A component that is switched off (no pods wanted) is left out of `all`.
 * Throws `E_COMPONENT_UNKNOWN`, what `notInstalled` says, and why nothing is known of the cluster.
 */
export function planRestart(
  cluster: Pick<Kubernetes, 'release' | 'namespace' | 'view'>,
  clock: Pick<Clock, 'now'>,
  typed: string,
): readonly PlannedRestart[] {
  const stack = readStack(cluster);
  const { data, release } = stack;
  const kind = typed === everything ? null : findComponentKind(typed, release, stack.components);
  if (data.is === 'nothing' && data.problem !== null) throw data.problem;
  if (data.is === 'old') throw data.problem;
  const wanted = restartOrder.flatMap((each) => {
    if (kind !== null && each !== kind) return [];
    const found = stack.components.find((component) => component.kind === each);
    if (found === undefined) return [];
    return kind === null && found.workload.wanted === 0 ? [] : [found];
  });
  if (wanted.length === 0) throw notInstalled(stack, kind?.title ?? null);
  return wanted.map((component) => ({
    component,
    problems: judgeComponent(component, stack.chart, clock.now()),
  }));
}
