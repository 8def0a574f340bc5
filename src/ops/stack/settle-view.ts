import type { ClusterView } from '../../platform/kubernetes/port.ts';

/** How long a command waits for the first reading of the cluster, ms. */
const patienceMs = 10_000;

/**
 * Waits until every kind was read once, but not for a cluster that can't be reached: then what is
 * known counts, and its age is told. Throws the signal's reason.
 */
export async function settleView(view: ClusterView, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const giveUp = (): void => {
    enough.abort();
  };
  const isCut = (): boolean => [...view.states().values()].some(({ is }) => is === 'disconnected');
  const stop = view.onState(() => {
    if (isCut()) giveUp();
  });
  const timer = setTimeout(giveUp, patienceMs);
  if (isCut()) giveUp();
  try {
    await view.settled(AbortSignal.any([signal, enough.signal]));
  } catch (error) {
    signal.throwIfAborted();
    if (!enough.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
