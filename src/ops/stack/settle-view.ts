import type { ClusterView } from '../../platform/kubernetes/port.ts';

/** How long a command waits for the first reading of the cluster, ms. */
const patienceMs = 3000;

/**
 * Waits until every kind was read once, but not for a cluster that does not answer: then what is
 * known counts, and its age is told. Throws the signal's reason.
 */
export async function settleView(view: ClusterView, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(patienceMs);
  try {
    await view.settled(AbortSignal.any([signal, deadline]));
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
  }
}
