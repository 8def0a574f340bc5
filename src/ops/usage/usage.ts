import type { Compute, Kubernetes } from '../../platform/kubernetes/port.ts';
import type { ComponentKind } from '../stack/component-kind.ts';
import { readStack } from '../stack/stack.ts';

/** What a node uses of what it has. CPU in thousandths of a core. */
export interface NodeUse {
  readonly name: string;
  readonly milliCores: number;
  readonly bytes: number;
  readonly has: Compute;
}

/** What the pods of a component use together. */
export interface ComponentUse {
  readonly kind: ComponentKind;
  readonly milliCores: number;
  readonly bytes: number;
  /** Sum of its containers' limits; null where one of them has none. */
  readonly limitBytes: number | null;
}

/** Use of the moment, from metrics.k8s.io. */
export interface Use {
  readonly nodes: readonly NodeUse[];
  /** The one with the most memory first. */
  readonly components: readonly ComponentUse[];
}

/** Name of a series of {@link Use} in the store. */
export function usageSeries(
  of: 'node' | 'component',
  name: string,
  what: 'cpu' | 'memory',
): string {
  return `${of}/${name}/${what}`;
}

/** Asks for the use of nodes and pods, two requests; null where the cluster has no metrics API. */
export async function readUsage(kubernetes: Kubernetes, signal?: AbortSignal): Promise<Use | null> {
  const [nodes, pods] = await Promise.all([
    kubernetes.nodeUsage(signal),
    kubernetes.podUsage(kubernetes.namespace, signal),
  ]);
  if (nodes === null || pods === null) return null;
  const stack = readStack(kubernetes);
  const none = { milliCores: null, bytes: null };
  return {
    nodes: nodes.map(({ name, milliCores, bytes }) => ({
      ...{ name, milliCores, bytes },
      has: stack.nodes.find((node) => node.name === name)?.capacity ?? none,
    })),
    components: stack.components
      .map(({ kind, pods: own }) => {
        const used = pods.filter(({ name }) => own.some((pod) => pod.name === name));
        const limits = own.flatMap(({ specs }) => specs.map(({ limits: { bytes } }) => bytes));
        return {
          kind,
          milliCores: used.reduce((sum, each) => sum + each.milliCores, 0),
          bytes: used.reduce((sum, each) => sum + each.bytes, 0),
          limitBytes: sumOf(limits),
        };
      })
      .sort((one, other) => other.bytes - one.bytes),
  };
}

function sumOf(all: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const each of all) {
    if (each === null) return null;
    sum += each;
  }
  return all.length === 0 ? null : sum;
}
