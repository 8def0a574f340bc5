import type { Condition, ContainerStatus, Pod } from '../../platform/kubernetes/port.ts';
import type { Judged, LastEnd, PodProblem } from './problem.ts';

/** Times of the judgement, ms. */
export const patience = {
  /** A new pod may take as long until it is ready: Synapse migrates its database first. */
  startMs: 5 * 60_000,
  /** A pod that was ready may be unready as long, e.g. for one slow probe. */
  unreadyMs: 60_000,
  /** A restart is news for as long. */
  restartMs: 60 * 60_000,
  /** And one for memory for as long: it comes back with the load of the same hour. */
  outOfMemoryMs: 24 * 60 * 60_000,
  /** What a pod may take to end beyond the moment that it is asked to. */
  endMs: 5 * 60_000,
} as const;

type Verdict = Pick<Judged, 'level' | 'problem'>;
type OfPod = Verdict & { readonly problem: PodProblem };

const imageReasons = new Set([
  ...['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'],
  'ImageInspectError',
]);
const configReasons = new Set([
  ...['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'],
]);

const conditionOf = (pod: Pod, type: string): Condition | null =>
  pod.conditions.find((each) => each.type === type) ?? null;

/** What is wrong with a pod, worst first; none for one that has done its work. */
export function judgePod(pod: Pod, now: number): readonly OfPod[] {
  const { name } = pod;
  if (pod.phase === 'Succeeded') return [];
  if (pod.deletingSince !== null) {
    const { deletingSince: since } = pod;
    return now - since > patience.endMs
      ? [{ level: 'warning', problem: { is: 'stuck-ending', pod: name, since } }]
      : [];
  }
  if (pod.phase === 'Failed' && pod.reason === 'Evicted') {
    const { message } = pod;
    return [{ level: 'warning', problem: { is: 'evicted', pod: name, message } }];
  }
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') {
    const { message, since } = scheduled;
    return [{ level: 'broken', problem: { is: 'unschedulable', pod: name, message, since } }];
  }
  const all = [...pod.initContainers, ...pod.containers];
  const told = all.flatMap((container) => judgeContainer(pod, container, now));
  // Why it does not run says more than that it is not ready.
  if (pod.ready || told.some(({ level }) => level === 'broken')) return told;
  return [...notReady(pod, now), ...told];
}

function endOf(container: ContainerStatus): LastEnd {
  const { state, last } = container;
  const ended = state.is === 'terminated' ? state : last;
  return {
    reason: ended?.reason ?? null,
    exitCode: ended?.exitCode ?? null,
    at: ended?.finishedAt ?? null,
  };
}

function judgeContainer(pod: Pod, container: ContainerStatus, now: number): readonly OfPod[] {
  const { restarts, state } = container;
  const where = { pod: pod.name, container: container.name };
  const last = endOf(container);
  const isNews = (within: number) => last.at !== null && now - last.at <= within;
  const running = state.is === 'running';
  if (state.is === 'waiting') {
    const { reason, message } = state;
    if (reason !== null && imageReasons.has(reason)) {
      const { image } = container;
      return [{ level: 'broken', problem: { is: 'image-pull', ...where, image, message } }];
    }
    if (reason !== null && configReasons.has(reason)) {
      return [{ level: 'broken', problem: { is: 'config', ...where, message } }];
    }
  }
  const isLooping = state.is === 'waiting' && state.reason === 'CrashLoopBackOff';
  if (last.reason === 'OOMKilled' && (isLooping || isNews(patience.outOfMemoryMs) || !running)) {
    const limitBytes = pod.specs.find(({ name }) => name === container.name)?.limits.bytes ?? null;
    const problem = { is: 'out-of-memory', ...where, at: last.at, limitBytes, restarts, running };
    return [
      { level: running ? 'warning' : 'broken', problem: { ...problem, is: 'out-of-memory' } },
    ];
  }
  if (isLooping) {
    return [{ level: 'broken', problem: { is: 'crash-loop', ...where, restarts, last } }];
  }
  // Ended with an error and not yet started again: the kubelet is about to, or backs off.
  if (state.is === 'terminated' && state.exitCode !== 0) {
    return [{ level: 'broken', problem: { is: 'crash-loop', ...where, restarts, last } }];
  }
  if (restarts > 0 && last.exitCode !== 0 && isNews(patience.restartMs)) {
    return [{ level: 'warning', problem: { is: 'restarted', ...where, restarts, last } }];
  }
  return [];
}

function notReady(pod: Pod, now: number): readonly OfPod[] {
  const ready = conditionOf(pod, 'Ready');
  const since = ready?.since ?? pod.startedAt ?? pod.createdAt;
  const isNew = now - pod.createdAt <= patience.startMs;
  const level = isNew || now - since <= patience.unreadyMs ? 'starting' : 'broken';
  const init = pod.initContainers.find(({ state }) => state.is !== 'terminated');
  if (init !== undefined) {
    const where = { pod: pod.name, container: init.name };
    return [{ level, problem: { is: 'waits-at-start', ...where, since: pod.createdAt } }];
  }
  const container = pod.containers.find((each) => !each.ready);
  if (container === undefined || pod.phase !== 'Running') {
    const { name, phase, reason } = pod;
    return [{ level, problem: { is: 'not-running', pod: name, phase, reason, since } }];
  }
  const where = { pod: pod.name, container: container.name };
  return [{ level, problem: { is: 'not-ready', ...where, since } }];
}
