import { judgePod } from './judge-pod.ts';
import { whySingle } from './may-scale.ts';
import type { Judged, Level } from './problem.ts';
import { levels } from './problem.ts';
import type { Component } from './stack.ts';

/** Index in {@link levels}: the smaller, the worse. */
export const rankOf = (level: Level): number => levels.indexOf(level);

/** Sorts worst first and else leaves the order. */
export function worstFirst<Each extends { readonly level: Level }>(
  all: readonly Each[],
): readonly Each[] {
  return [...all].sort((one, other) => rankOf(one.level) - rankOf(other.level));
}

/** What is wrong with a component, worst first. `chart`: the chart's version, null: unknown. */
export function judgeComponent(
  component: Component,
  chart: string | null,
  now: number,
): readonly Judged[] {
  const { kind, pods } = component;
  const subject = { is: 'component', key: kind.key } as const;
  const ofPods = pods.flatMap((pod) => judgePod(pod, now)).map((each) => ({ ...each, subject }));
  const ofWorkload = judgeWorkload(component, chart, ofPods);
  return worstFirst([...ofPods, ...ofWorkload.map((each) => ({ ...each, subject }))]);
}

type Verdict = Pick<Judged, 'level' | 'problem'>;

function judgeWorkload(
  { kind, workload }: Component,
  chart: string | null,
  ofPods: readonly Verdict[],
): readonly Verdict[] {
  const { wanted, ready } = workload;
  if (wanted === 0) return [{ level: 'warning', problem: { is: 'switched-off' } }];
  const found: Verdict[] = [];
  const why = whySingle(kind, chart);
  if (why !== null && wanted > 1) {
    found.push({ level: 'broken', problem: { is: 'too-many', wanted, why } });
  }
  const progress = workload.conditions.find(({ type }) => type === 'Progressing');
  if (progress?.status === 'False' && progress.reason === 'ProgressDeadlineExceeded') {
    const { message, since } = progress;
    const level = ready >= wanted ? 'warning' : 'broken';
    found.push({ level, problem: { is: 'rollout-stuck', message, since } });
  }
  const failure = workload.conditions.find(({ type }) => type === 'ReplicaFailure');
  if (failure?.status === 'True') {
    const { message, since } = failure;
    found.push({ level: 'broken', problem: { is: 'no-pods', message, since } });
  }
  // Only where no pod tells why.
  const isTold = [...found, ...ofPods].some(({ problem }) => explainsMissing.has(problem.is));
  if (ready < wanted && !isTold) {
    found.push({
      level: ready === 0 ? 'broken' : 'warning',
      problem: { is: 'too-few', ready, wanted },
    });
  }
  return found;
}

const explainsMissing: ReadonlySet<Judged['problem']['is']> = new Set([
  ...(['crash-loop', 'out-of-memory', 'image-pull', 'config', 'unschedulable'] as const),
  ...(['waits-at-start', 'not-ready', 'not-running', 'no-pods', 'rollout-stuck'] as const),
]);
