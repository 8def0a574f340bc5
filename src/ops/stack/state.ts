import { judgeCertificate, judgeClaim, judgeNode } from './judge-cluster.ts';
import { judgePod } from './judge-pod.ts';
import { judgeComponent, rankOf, worstFirst } from './judge-workload.ts';
import type { Judged, Level } from './problem.ts';
import type { Component, Stack } from './stack.ts';

/** A component and what is wrong with it. */
export interface ComponentState {
  readonly component: Component;
  readonly level: Level;
  /** Worst first. */
  readonly problems: readonly Judged[];
  /** Starts of all its containers beyond the first ones, over all pods that there are. */
  readonly restarts: number;
  /** When its youngest pod was made, ms since the epoch; null: it has none. */
  readonly since: number | null;
}

/** The release, judged. */
export interface StackState {
  readonly stack: Stack;
  readonly level: Level;
  /** Worst first, else in the order in which they start. */
  readonly components: readonly ComponentState[];
  /** Of components, nodes, claims, certificates and the view itself; worst first. */
  readonly problems: readonly Judged[];
}

/** Judges a release: the same for `status`, `health` and what is told without being asked. */
export function judgeStack(stack: Stack, now: number): StackState {
  const components = stack.components.map((component) => stateOf(component, stack, now));
  const others = stack.otherPods.flatMap((pod) =>
    judgePod(pod, now).map(({ level, problem }): Judged => ({
      level,
      problem,
      subject: { is: 'pod', name: pod.name },
    })),
  );
  const problems = worstFirst([
    ...judgeView(stack),
    ...components.flatMap((each) => each.problems),
    ...others,
    ...stack.nodes.flatMap(judgeNode),
    ...stack.claims.flatMap((claim) => judgeClaim(claim, now)),
    ...stack.certificates.flatMap((certificate) => judgeCertificate(certificate, now)),
  ]);
  return {
    stack,
    level: levelOf(problems),
    components: worstFirst(components),
    problems,
  };
}

function levelOf(problems: readonly Judged[]): Level {
  return problems.reduce<Level>(
    (worst, { level }) => (rankOf(level) < rankOf(worst) ? level : worst),
    'fine',
  );
}

function stateOf(component: Component, stack: Stack, now: number): ComponentState {
  const problems = judgeComponent(component, stack.chart, now);
  const living = component.pods.filter(({ deletingSince }) => deletingSince === null);
  return {
    component,
    problems,
    level: levelOf(problems),
    restarts: living
      .flatMap(({ containers }) => containers)
      .reduce((sum, { restarts }) => sum + restarts, 0),
    since: living.length === 0 ? null : Math.max(...living.map(({ createdAt }) => createdAt)),
  };
}

function judgeView({ components, data }: Stack): readonly Judged[] {
  const subject = { is: 'release' } as const;
  const hidden = data.forbidden.map(({ kind, problem }): Judged => ({
    level: 'warning',
    subject,
    problem: { is: 'not-visible', kind, problem },
  }));
  const blind: readonly Judged[] =
    data.is === 'fresh'
      ? []
      : [
          {
            level: 'warning',
            subject,
            problem: { is: data.is === 'old' ? 'unreachable' : 'unread' },
          },
        ];
  const isEmpty = components.length === 0 && data.is !== 'nothing';
  const nothing: readonly Judged[] = isEmpty
    ? [{ level: 'broken', subject, problem: { is: 'no-release' } }]
    : [];
  return [...nothing, ...blind, ...hidden];
}
