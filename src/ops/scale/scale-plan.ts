import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import { findComponentKind } from '../stack/find-component.ts';
import { whySingle } from '../stack/may-scale.ts';
import { notInstalled } from '../stack/not-installed.ts';
import { readStack, type Component } from '../stack/stack.ts';

/**
 * The component that may be scaled. Throws `E_COMPONENT_UNKNOWN`, what `notInstalled` says,
 * `E_SCALE_SINGLE` with the reason where there must be exactly one, and why the cluster is not known.
 */
export function scalable(
  cluster: Pick<Kubernetes, 'release' | 'namespace' | 'view'>,
  typed: string,
): Component {
  const stack = readStack(cluster);
  const { release, data } = stack;
  const kind = findComponentKind(typed, release, stack.components);
  const why = whySingle(kind, stack.chart);
  // Also where it is not installed, and before the cluster is known: the reason is the same.
  if (why !== null) throw new AppError('E_SCALE_SINGLE', { component: kind.title, why: say(why) });
  if (data.is === 'nothing' && data.problem !== null) throw data.problem;
  if (data.is === 'old') throw data.problem;
  const component = stack.components.find((each) => each.kind === kind);
  if (component === undefined) throw notInstalled(stack, kind.title);
  return component;
}
