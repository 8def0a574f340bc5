import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';

/**
 * The cluster that the config names; null where it names none, and then nothing that speaks to one
 * is loaded. Nothing is asked of it yet. The caller closes it.
 */
export async function openCluster(
  { kubernetes }: Config,
  clock: Clock,
  log: Log,
): Promise<Kubernetes | null> {
  if (kubernetes === null) return null;
  const { openKubernetes } = await import('../../platform/kubernetes/open.ts');
  return openKubernetes({ ...kubernetes, clock, log });
}

/** Begins to watch, so that the first question finds an answer. Ends with the signal. */
export async function watchCluster(
  cluster: Kubernetes,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  try {
    await cluster.view.settled(signal);
    log.info({ states: Object.fromEntries(cluster.view.states()) }, 'the cluster is known');
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
