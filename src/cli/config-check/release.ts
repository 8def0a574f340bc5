import { say } from '../../core/text.ts';
import { readStack } from '../../ops/stack/stack.ts';
import { settleView } from '../../ops/stack/settle-view.ts';
import type { Kubernetes, WatchedKind } from '../../platform/kubernetes/port.ts';
import type { Finding } from './finding.ts';

/** What a release is found by. */
const workloads: readonly WatchedKind[] = ['Deployment', 'StatefulSet'];

/**
 * Whether the release that the settings name is there. Nothing is said where that can't be seen:
 * a missing right is another finding. Throws the signal's reason.
 */
export async function checkRelease(
  kubernetes: Pick<Kubernetes, 'release' | 'namespace' | 'view'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  await settleView(kubernetes.view, signal);
  const { components, data, release, namespace } = readStack(kubernetes);
  const isSeen =
    data.is === 'fresh' && !data.forbidden.some(({ kind }) => workloads.includes(kind));
  if (!isSeen || components.length > 0) return [];
  return [
    {
      kind: 'warning',
      text: say('E_RELEASE_EMPTY', { release, namespace }),
      next: say('E_RELEASE_EMPTY.next'),
    },
  ];
}
