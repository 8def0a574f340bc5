import type { AttachedCluster } from '../../../lab/kubernetes/attached.ts';
import { notes } from '../../../lab/kubernetes/kwok/stage.ts';
import type { PodsOf } from '../../../lab/kubernetes/pods.ts';

/** Makes a component's only pod misbehave, and no other: the one that comes in its place is well. Its name. */
export const troublePod = async (
  { pods, api }: Pick<AttachedCluster, 'pods' | 'api'>,
  of: PodsOf,
  behaviour: 'crash-loop' | 'not-ready',
): Promise<string> => {
  const [pod = ''] = await pods.names(of);
  await api.send('PATCH', `/api/v1/namespaces/${of.namespace}/pods/${pod}`, {
    type: 'application/merge-patch+json',
    body: { metadata: { annotations: { [notes.behaviour]: behaviour } } },
  });
  return pod;
};
