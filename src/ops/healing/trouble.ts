import type { Pod } from '../../platform/kubernetes/port.ts';
import { identityOf, type Judged } from '../stack/problem.ts';
import type { Component } from '../stack/stack.ts';
import type { ComponentState, StackState } from '../stack/state.ts';

/** A trouble that a restart may cure, and the pod that has it. */
export interface Trouble {
  /** As the feed names it. */
  readonly identity: string;
  readonly component: Component;
  readonly pod: Pod;
  /** Whether that pod was ready once. */
  readonly workedBefore: boolean;
}

/**
 * Exit codes that say that the program could not be run at all: command line and config (sysexits.h,
 * EX_USAGE and EX_CONFIG), and what shell and container runtime give where it can't be started.
 */
const notStartable: ReadonlySet<number> = new Set([64, 78, 126, 127, 128]);

/** Between a pod's start and its first condition; a pod that got ready later than that was ready. ms. */
const slackMs = 2000;

/**
 * What of a release's troubles a restart can cure: crash loops of a container that does the work, and
 * pods that hang (they run, and say for longer than their time that they are not ready). Never an
 * image that can't be had, a pod without a node, a claim, a config, a kill for memory: the next pod
 * would have the same. In the order in which components start; of each trouble one pod.
 */
export function curableTroubles({ components }: StackState): readonly Trouble[] {
  return [...components]
    .sort((one, other) => one.component.kind.startOrder - other.component.kind.startOrder)
    .flatMap(troublesOf);
}

function troublesOf({ component, problems }: ComponentState): readonly Trouble[] {
  const { workload, claims } = component;
  const isSteady = workload.observed && !workload.paused && workload.updated >= workload.wanted;
  if (!isSteady || claims.some(({ phase }) => phase !== 'Bound')) return [];
  const found = new Map<string, Trouble>();
  for (const judged of problems) {
    const pod = podOf(judged, component);
    const identity = identityOf(judged);
    if (pod === null || found.has(identity)) continue;
    found.set(identity, { identity, component, pod, workedBefore: wasReady(pod) });
  }
  return [...found.values()];
}

/** The pod whose new one may be without the problem; null: that is nothing for a restart. */
function podOf({ level, problem }: Judged, { pods }: Component): Pod | null {
  if (level !== 'broken') return null;
  if (problem.is !== 'crash-loop' && problem.is !== 'not-ready') return null;
  const pod = pods.find(({ name }) => name === problem.pod) ?? null;
  if (pod === null || pod.deletingSince !== null) return null;
  const does = pod.containers.some(({ name }) => name === problem.container);
  const exit = problem.is === 'crash-loop' ? problem.last.exitCode : null;
  return does && (exit === null || !notStartable.has(exit)) ? pod : null;
}

/**
 * Whether the pod was ready once: its condition Ready has changed since the pod began (kubelet sets
 * it to False at the start and writes the moment of each change).
 */
function wasReady(pod: Pod): boolean {
  const since = pod.conditions.find(({ type }) => type === 'Ready')?.since ?? null;
  return since !== null && since - (pod.startedAt ?? pod.createdAt) > slackMs;
}

/** Whether something is wrong below the components: a node, or a disk that fills up. */
export function isGroundShaking({ problems }: StackState): boolean {
  return problems.some(
    ({ problem }) => problem.is === 'node-down' || problem.is === 'node-pressure',
  );
}
