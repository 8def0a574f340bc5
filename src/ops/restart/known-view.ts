import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import { dataOf } from '../stack/data-state.ts';
import { settleView } from '../stack/settle-view.ts';

/**
 * Waits until what the view tells is of now: whoever acts on it, or answers whether something was
 * done, must not take "not read yet" for "not there". Throws `E_KUBERNETES_*`, which says why it is
 * not known, and the signal's reason.
 */
export async function knownView(
  cluster: Pick<Kubernetes, 'view' | 'url'>,
  signal: AbortSignal,
): Promise<void> {
  const { view } = cluster;
  await settleView(view, signal);
  const data = dataOf(view);
  switch (data.is) {
    case 'fresh':
      return;
    case 'old':
      throw data.problem;
    case 'nothing': {
      if (data.problem !== null) throw data.problem;
      const url = await cluster.url();
      throw new AppError('E_KUBERNETES_UNREACHABLE', { url, reason: say('kubernetes.unready') });
    }
    default:
      data satisfies never;
  }
}
