import { notes } from './stage.ts';

/** What a container is doing, as Go templates of the fields that kubelet writes. */
interface Doing {
  readonly ready: boolean;
  readonly started: boolean;
  /** Whether this is one restart more. */
  readonly again?: boolean;
  readonly state: string;
  /** Default: as it was. */
  readonly last?: string;
}

/** What a pod's containers are doing. */
export interface PodDoing {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  /** The container that the annotation names, else the first. */
  readonly target: Doing;
  /** Default: the same as the target. */
  readonly others?: Doing;
  /** Default: all have done their work. */
  readonly init?: { readonly target: Doing; readonly others: Doing };
}

/** Runs, since its last start. */
export const running: Doing = {
  ready: true,
  started: true,
  state: 'running: { startedAt: {{ dig "state" "running" "startedAt" $now $old | Quote }} }',
};

/** Runs but is not ready. */
export const unready: Doing = { ...running, ready: false };

/** Waits for a reason that kubelet gives. */
export const waiting = (reason: string, message = ''): Doing => ({
  ready: false,
  started: false,
  state: `waiting: { reason: ${reason}, message: ${JSON.stringify(message)} }`,
});

/** What is told of a run that has ended. */
export const terminated = (exitCode: number, reason: string): string =>
  `terminated: { exitCode: ${exitCode}, reason: ${reason}, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }`;

/** Has ended as it should. */
export const done: Doing = { ready: true, started: false, state: terminated(0, 'Completed') };

const begin = `
{{ $now := Now }}{{ $pod := . }}{{ $notes := or .metadata.annotations dict }}
{{ $target := or ( index $notes "${notes.container}" ) ( index .spec.containers 0 ).name }}`;

const container = ({ ready, started, again = false, state, last }: Doing): string => `
- name: {{ $c.name | Quote }}
  image: {{ $c.image | Quote }}
  imageID: {{ printf "%s@sha256:%s" $c.image ( sha256sum $c.image ) | Quote }}
  containerID: {{ printf "containerd://%s" ( sha256sum ( printf "%s/%s/%d" $pod.metadata.uid $c.name $count ) ) | Quote }}
  ready: ${ready}
  started: ${started}
  restartCount: {{ ${again ? 'add1 $count' : '$count'} }}
  state: { ${state} }
  ${last === undefined ? '{{ with $old.lastState }}lastState: {{ toJson . }}{{ end }}' : `lastState: { ${last} }`}`;

const statuses = (field: string, of: string, target: Doing, others: Doing): string => `
${field}:
{{ range $c := ${of} }}
{{ $old := dict }}
{{ range ( or $pod.status.${field} list ) }}{{ if eq .name $c.name }}{{ $old = . }}{{ end }}{{ end }}
{{ $count := int ( or $old.restartCount 0 ) }}
{{ if eq $c.name $target }}${container(target)}
{{ else }}${container(others)}
{{ end }}
{{ end }}`;

const condition = (type: string, status: boolean, reason = '', message = ''): string => `
- type: ${type}
  status: "${status ? 'True' : 'False'}"
  reason: ${JSON.stringify(reason)}
  message: ${JSON.stringify(message)}
  lastTransitionTime: {{ $now | Quote }}`;

const conditions = (isReady: boolean, isInitialized: boolean): string => {
  const unreadyText: [string, string] = ['ContainersNotReady', 'containers with unready status'];
  const why: [string, string] | [] = isReady ? [] : unreadyText;
  const whyInit: [string, string] | [] = isInitialized
    ? []
    : ['ContainersNotInitialized', 'containers with incomplete status'];
  return `
conditions:${condition('PodReadyToStartContainers', true)}${condition(
    'Initialized',
    isInitialized,
    ...whyInit,
  )}${condition('Ready', isReady, ...why)}${condition('ContainersReady', isReady, ...why)}`;
};

const addresses = `
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ if not .status.podIP }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) .metadata.uid .metadata.name .metadata.namespace }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ end }}
startTime: {{ or .status.startTime $now | Quote }}`;

/** The Go template of a pod's status, as a kubelet would write it. */
export const podStatus = ({ phase, target, others = target, init }: PodDoing): string => {
  const isReady = phase === 'Running' && target.ready && others.ready;
  const inits = init ?? { target: done, others: done };
  const initTarget = `{{ $target := or ( index $notes "${notes.container}" ) ( index ( last $pod.spec.initContainers ) "name" ) }}`;
  return [
    begin,
    conditions(isReady, init === undefined),
    statuses('containerStatuses', '.spec.containers', target, others),
    '{{ if .spec.initContainers }}',
    init === undefined ? '' : initTarget,
    statuses('initContainerStatuses', '.spec.initContainers', inits.target, inits.others),
    '{{ end }}',
    addresses,
    `phase: ${phase}`,
  ].join('\n');
};
