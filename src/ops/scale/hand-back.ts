import { AppError } from '../../core/errors.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { TemporaryScale, TemporaryScales } from '../../platform/store/temporary-scales.ts';
import { workloadOf } from './workload-key.ts';

/** How handing back ended. */
export type HandedBack =
  | { readonly is: 'done'; readonly scale: TemporaryScale }
  /** The workload is gone, so there is nothing to give back. */
  | { readonly is: 'gone'; readonly scale: TemporaryScale }
  | { readonly is: 'failed'; readonly scale: TemporaryScale; readonly problem: AppError };

/**
 * Gives the number of replicas back: to what it was, and the field to whoever writes it next, so that
 * `helm upgrade` meets no conflict. A number that somebody else has changed meanwhile is left to him.
 * Safe to repeat. Throws the signal's reason.
 */
export async function handBack(
  cluster: Pick<Kubernetes, 'readScale' | 'scale' | 'releaseReplicas'>,
  store: Pick<TemporaryScales, 'remove'>,
  scale: TemporaryScale,
  signal: AbortSignal,
): Promise<HandedBack> {
  const workload = workloadOf(scale.workload);
  try {
    const { wanted } = await cluster.readScale(workload, signal);
    if (wanted === scale.wanted) await cluster.scale(workload, scale.original, { signal });
    await cluster.releaseReplicas(workload, { signal });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code !== 'E_KUBERNETES_NOT_FOUND') return { is: 'failed', scale, problem: error };
    store.remove(scale);
    return { is: 'gone', scale };
  }
  store.remove(scale);
  return { is: 'done', scale };
}

/** Hands back all that is due at `now`. */
export async function handBackDue(
  cluster: Pick<Kubernetes, 'readScale' | 'scale' | 'releaseReplicas'>,
  store: Pick<TemporaryScales, 'all' | 'remove'>,
  now: number,
  signal: AbortSignal,
): Promise<readonly HandedBack[]> {
  const ended: HandedBack[] = [];
  for (const scale of store.all().filter(({ until }) => until <= now)) {
    ended.push(await handBack(cluster, store, scale, signal));
  }
  return ended;
}
