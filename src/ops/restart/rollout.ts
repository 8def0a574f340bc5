import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes, Workload } from '../../platform/kubernetes/port.ts';
import { judgeComponent } from '../stack/judge-workload.ts';
import type { Judged } from '../stack/problem.ts';
import { readStack, type Component } from '../stack/stack.ts';

/** How a rollout ended. */
export type RolloutEnd =
  | { readonly is: 'ready'; readonly tookMs: number }
  /** Not within its time, or for a reason that waiting does not mend; problems are of its pods, worst first. */
  | { readonly is: 'not-ready'; readonly tookMs: number; readonly problems: readonly Judged[] };

/** How far it is. */
export interface RolloutProgress {
  readonly ready: number;
  readonly wanted: number;
}

/** Times of a rollout, ms. */
export const rolloutPatience = {
  /** Synapse may migrate its database first. */
  readyMs: 10 * 60_000,
  /** An image that can't be pulled, a crash loop: it may come right by itself for as long. */
  brokenMs: 90_000,
} as const;

/** Whether the newest restart that was asked for is `at` (ms) or a later one. */
export function isRestartedSince(workload: Workload, at: number): boolean {
  if (workload.restartedAt === null) return false;
  const written = Date.parse(workload.restartedAt);
  // The annotation counts whole seconds.
  return !Number.isNaN(written) && written >= Math.floor(at / 1000) * 1000;
}

/** Whether all pods are of the newest template and ready. */
export function isRolledOut(workload: Workload): boolean {
  const { observed, updated, ready, available, wanted } = workload;
  return observed && updated >= wanted && ready >= wanted && available >= wanted;
}

/** The component as it is now; null: it is gone. */
export function componentNow(
  cluster: Pick<Kubernetes, 'release' | 'namespace' | 'view'>,
  key: string,
): Component | null {
  return readStack(cluster).components.find(({ kind }) => kind.key === key) ?? null;
}

/**
 * Waits until the restart of `at` has come to its end. Rejects with the signal's reason; what is
 * wrong with the cluster itself does not reject: then nothing is heard of it, and its time runs out.
 */
export async function awaitRollout(
  parts: {
    readonly cluster: Pick<Kubernetes, 'release' | 'namespace' | 'view'>;
    readonly clock: Clock;
    readonly onProgress: (progress: RolloutProgress) => void;
  },
  key: string,
  at: number,
  signal: AbortSignal,
): Promise<RolloutEnd> {
  const { cluster, clock, onProgress } = parts;
  const began = clock.monotonic();
  const tookMs = (): number => Math.round(clock.monotonic() - began);
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const tooLate = clock.sleep(rolloutPatience.readyMs, stop).then(() => 'too-late' as const);
  let shown = '';
  const ready = cluster.view.until((): 'ready' | null => {
    const component = componentNow(cluster, key);
    if (component === null) return null;
    const { workload } = component;
    if (isRestartedSince(workload, at) && isRolledOut(workload)) return 'ready';
    // Those of the old template are ready, too.
    const progress = { ready: Math.min(workload.updated, workload.ready), wanted: workload.wanted };
    const text = `${progress.ready}/${progress.wanted}`;
    if (text !== shown) onProgress(progress);
    shown = text;
    return null;
  }, stop);
  const hopeless = cluster.view
    .until((): true | null => (brokenSince(cluster, clock, key, at) ? true : null), stop)
    .then(() => clock.sleep(rolloutPatience.brokenMs, stop))
    .then(() =>
      cluster.view.until(() => (brokenSince(cluster, clock, key, at) ? true : null), stop),
    )
    .then(() => 'broken' as const);
  // Whoever loses is told to stop, and that is no failure.
  for (const each of [tooLate, ready, hopeless]) each.catch(() => undefined);
  try {
    const first = await Promise.race([ready, tooLate, hopeless]);
    if (first === 'ready') return { is: 'ready', tookMs: tookMs() };
    return { is: 'not-ready', tookMs: tookMs(), problems: problemsOf(cluster, clock, key) };
  } finally {
    over.abort();
  }
}

function problemsOf(
  cluster: Pick<Kubernetes, 'release' | 'namespace' | 'view'>,
  clock: Pick<Clock, 'now'>,
  key: string,
): readonly Judged[] {
  const stack = readStack(cluster);
  const component = stack.components.find(({ kind }) => kind.key === key);
  return component === undefined ? [] : judgeComponent(component, stack.chart, clock.now());
}

/** Whether a pod that was made since then is in a state that waiting seldom mends. */
function brokenSince(
  cluster: Pick<Kubernetes, 'release' | 'namespace' | 'view'>,
  clock: Pick<Clock, 'now'>,
  key: string,
  at: number,
): boolean {
  const young = new Set(
    componentNow(cluster, key)
      ?.pods.filter(({ createdAt }) => createdAt >= Math.floor(at / 1000) * 1000)
      .map(({ name }) => name),
  );
  return problemsOf(cluster, clock, key).some(
    ({ level, problem }) => level === 'broken' && 'pod' in problem && young.has(problem.pod),
  );
}
