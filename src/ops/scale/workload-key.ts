import { parseNamespace } from '../../platform/kubernetes/namespace.ts';
import type { WorkloadRef } from '../../platform/kubernetes/port.ts';

/** A workload as one text, for the store. */
export function workloadKey({ namespace, kind, name }: WorkloadRef): string {
  return `${namespace}/${kind}/${name}`;
}

/** The workload of a {@link workloadKey}. Throws what `parseNamespace` throws. */
export function workloadOf(key: string): WorkloadRef {
  const [namespace = '', kind, ...name] = key.split('/');
  return {
    namespace: parseNamespace(namespace),
    kind: kind === 'StatefulSet' ? 'StatefulSet' : 'Deployment',
    name: name.join('/'),
  };
}
