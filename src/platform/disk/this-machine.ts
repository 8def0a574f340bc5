import { hostname, networkInterfaces } from 'node:os';
import type { ClusterNode } from '../kubernetes/port.ts';

/** Whether a node of the cluster is the machine that this process runs on, by its name or address. */
export function isThisMachine(node: Pick<ClusterNode, 'name' | 'addresses'>): boolean {
  if (node.name.toLowerCase() === hostname().toLowerCase()) return true;
  const mine = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address);
  const theirs = node.addresses.filter(({ type }) => type === 'InternalIP');
  return theirs.some(({ address }) => mine.includes(address));
}
