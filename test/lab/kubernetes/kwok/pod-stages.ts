import { podStatus, running, terminated, unready, waiting } from './pod-status.ts';
import {
  conditionKey,
  isGoing,
  isNotGoing,
  noteKey,
  notes,
  type Match,
  type Stage,
} from './stage.ts';

/** What a pod can be made to do by its annotation. `pending` is the scheduler's, not the kubelet's. */
export const behaviours = [
  'healthy',
  'crash-loop',
  'init-crash-loop',
  'oom',
  'not-ready',
  'slow-start',
  'image-pull',
  'pending',
] as const;

/** One of {@link behaviours}. */
export type Behaviour = (typeof behaviours)[number];

const behaves = (...values: Behaviour[]): Match => ({
  ...{ key: noteKey(notes.behaviour), operator: 'In', values },
});
const behavesNot = (...values: Behaviour[]): Match => ({
  ...{ key: noteKey(notes.behaviour), operator: 'NotIn', values },
});
const isPhase = (...values: string[]): Match => ({ key: '.status.phase', operator: 'In', values });
const isReady: Match = { key: conditionKey('Ready'), operator: 'In', values: ['True'] };
const isUnready: Match = { key: conditionKey('Ready'), operator: 'NotIn', values: ['True'] };

const waits = (reason: string, list = 'containerStatuses'): Match => ({
  ...{ key: `.status.${list}.[].state.waiting.reason`, operator: 'In', values: [reason] },
});
const not = (match: Match): Match => ({
  ...match,
  operator: match.operator === 'In' ? 'NotIn' : 'In',
});

const ownerKinds = '.metadata.ownerReferences.[].kind';
const isOfJob: Match = { key: ownerKinds, operator: 'In', values: ['Job'] };

/** One that comes again and again: at once, and then each time after a while. */
const repeated = (stage: Stage, hasHappened: Match, everyMs: number): readonly [Stage, Stage] => [
  { ...stage, name: `${stage.name}-first`, when: [...stage.when, not(hasHappened)] },
  {
    ...stage,
    name: `${stage.name}-again`,
    when: [...stage.when, hasHappened],
    delay: { ms: everyMs, from: noteKey(notes.every) },
  },
];

const crash = { again: true, last: terminated(1, 'Error') };
const backOff = 'back-off 10s restarting failed container';
const failing = { ...waiting('CrashLoopBackOff', backOff), ...crash };
const notStarted = waiting('PodInitializing');

const healthy = podStatus({ phase: 'Running', target: running });
const notReady = podStatus({ phase: 'Running', target: unready, others: running });

/** What pods do by themselves and by their annotations. */
export const podStages: readonly Stage[] = [
  {
    name: 'pod-ready',
    kind: 'Pod',
    when: [
      isNotGoing,
      isPhase('Pending'),
      behavesNot('crash-loop', 'init-crash-loop', 'not-ready', 'slow-start', 'image-pull'),
    ],
    status: healthy,
  },
  {
    name: 'pod-recover',
    kind: 'Pod',
    when: [isNotGoing, isPhase('Running'), isUnready, behaves('healthy')],
    status: healthy,
  },
  {
    name: 'pod-delete',
    kind: 'Pod',
    when: [isGoing],
    delete: true,
  },
  ...repeated(
    {
      name: 'pod-crash-loop',
      kind: 'Pod',
      when: [isNotGoing, isPhase('Pending', 'Running'), behaves('crash-loop')],
      event: {
        ...{ type: 'Warning', reason: 'BackOff' },
        message: 'Back-off restarting failed container',
      },
      status: podStatus({ phase: 'Running', target: failing, others: running }),
    },
    waits('CrashLoopBackOff'),
    5000,
  ),
  ...repeated(
    {
      name: 'pod-init-crash-loop',
      kind: 'Pod',
      when: [isNotGoing, isPhase('Pending'), behaves('init-crash-loop')],
      event: {
        ...{ type: 'Warning', reason: 'BackOff' },
        message: 'Back-off restarting failed container',
      },
      status: podStatus({
        phase: 'Pending',
        target: notStarted,
        init: {
          target: failing,
          others: { ready: true, started: false, state: terminated(0, 'Completed') },
        },
      }),
    },
    waits('CrashLoopBackOff', 'initContainerStatuses'),
    5000,
  ),
  ...repeated(
    {
      name: 'pod-oom',
      kind: 'Pod',
      when: [isNotGoing, isPhase('Running'), behaves('oom')],
      status: podStatus({
        phase: 'Running',
        target: {
          ...{ ready: true, started: true, again: true },
          state: 'running: { startedAt: {{ $now | Quote }} }',
          last: terminated(137, 'OOMKilled'),
        },
        others: running,
      }),
    },
    {
      ...{ key: '.status.containerStatuses.[].lastState.terminated.reason', operator: 'In' },
      values: ['OOMKilled'],
    },
    60_000,
  ),
  {
    name: 'pod-not-ready',
    kind: 'Pod',
    when: [isNotGoing, isPhase('Running'), isReady, behaves('not-ready')],
    event: {
      ...{ type: 'Warning', reason: 'Unhealthy' },
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    },
    status: notReady,
  },
  {
    name: 'pod-start-not-ready',
    kind: 'Pod',
    when: [isNotGoing, isPhase('Pending'), behaves('not-ready', 'slow-start')],
    status: notReady,
  },
  {
    name: 'pod-slow-ready',
    kind: 'Pod',
    when: [isNotGoing, isPhase('Running'), isUnready, behaves('slow-start')],
    delay: { ms: 10_000, from: noteKey(notes.every) },
    status: healthy,
  },
  {
    name: 'pod-image-pull',
    kind: 'Pod',
    when: [isNotGoing, isPhase('Pending'), behaves('image-pull'), not(waits('ImagePullBackOff'))],
    event: {
      ...{ type: 'Warning', reason: 'Failed' },
      message: 'Failed to pull image: manifest unknown',
    },
    status: podStatus({
      phase: 'Pending',
      target: waiting('ImagePullBackOff', 'Back-off pulling image'),
      others: waiting('ContainerCreating'),
    }),
  },
];

/** A pod that a Job has started, and that is to end now. */
export const isJobsPod: readonly Match[] = [isNotGoing, isPhase('Running'), isOfJob];
