import { AppError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text.ts';
import type { Gauges } from '../../../ops/gauges/gauges.ts';
import { probeApiCertificate, probeDisk } from '../../../ops/health/cluster-probes.ts';
import { judgedText } from '../../../ops/stack/problem-text.ts';
import { settleView } from '../../../ops/stack/settle-view.ts';
import { readStack } from '../../../ops/stack/stack.ts';
import { judgeStack } from '../../../ops/stack/state.ts';
import type { Kubernetes } from '../../../platform/kubernetes/port.ts';
import type { ClusterPage } from './cluster-page.ts';

/** What is asked beside the watches may take as long, ms: `status` answers also without it. */
const patienceMs = 2500;

/** Finds out what `status` shows of the cluster; what does not answer in time is left out. */
export async function clusterPage(
  kubernetes: Kubernetes,
  gauges: Gauges,
  now: number,
  signal: AbortSignal,
): Promise<ClusterPage> {
  await settleView(kubernetes.view, signal);
  const state = judgeStack(readStack(kubernetes), now);
  const [neighbours, disk, apiCertificate] = await Promise.all([
    orNull(gauges.neighbours(signal), signal),
    orNull(gauges.disk(signal), signal),
    orNull(gauges.apiCertificate(signal), signal),
  ]);
  return { state, neighbours, disk, apiCertificate, now };
}

/** What the cluster has of problems, worst first, one line each. */
export function clusterProblems({
  state,
  disk,
  apiCertificate,
  now,
}: ClusterPage): readonly Text[] {
  const measured = [
    ...(disk === null ? [] : [probeDisk(disk)]),
    probeApiCertificate(apiCertificate, now),
  ];
  return [
    ...state.problems.map((each) => judgedText(each, now)),
    ...measured.flatMap((each) => (each.is === 'problem' ? [each.detail] : [])),
  ];
}

async function orNull<Value>(asked: Promise<Value>, signal: AbortSignal): Promise<Value | null> {
  const late = new Promise<null>((resolve) => {
    const timer = setTimeout(() => resolve(null), patienceMs);
    // Nobody waits for it any more once the rest is there.
    timer.unref();
  });
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) return null;
    throw error;
  }
}
