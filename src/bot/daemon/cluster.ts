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
