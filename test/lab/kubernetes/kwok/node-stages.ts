import { tested } from '../../../../src/core/supported-versions.ts';
import { conditionKey, isNotGoing, noteKey, notes, type Match, type Stage } from './stage.ts';

/** What a node can be made to suffer from, by the condition that tells it. */
export const pressures = {
  'disk-pressure': 'DiskPressure',
  'memory-pressure': 'MemoryPressure',
} as const;

/** What a node can be like. */
export type NodeBehaviour = keyof typeof pressures | 'not-ready' | 'healthy';

const is = (operator: 'In' | 'NotIn', behaviour: NodeBehaviour): Match => ({
  ...{ key: noteKey(notes.node), operator, values: [behaviour] },
});
const isTrue = (type: string): Match => ({
  ...{ key: conditionKey(type), operator: 'In', values: ['True'] },
});
const isNotTrue = (type: string): Match => ({ ...isTrue(type), operator: 'NotIn' });

const condition = (type: string, status: boolean, reason: string, message: string): string => `
- type: ${type}
  status: "${status ? 'True' : 'False'}"
  reason: ${reason}
  message: ${message}
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}`;

const ready = condition('Ready', true, 'KubeletReady', 'kubelet is posting ready status');
const calm = (type: string): string =>
  condition(
    type,
    false,
    `KubeletHas${type === 'DiskPressure' ? 'No' : 'Sufficient'}${type === 'DiskPressure' ? 'DiskPressure' : type.replace('Pressure', '')}`,
    'kubelet has enough',
  );

const initial = `
conditions:${ready}${calm('DiskPressure')}${calm('MemoryPressure')}${calm('PIDPressure')}
addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
- { type: Hostname, address: {{ .metadata.name | Quote }} }
daemonEndpoints: { kubeletEndpoint: { Port: {{ NodePort }} } }
capacity: {{ toJson .status.capacity }}
allocatable: {{ toJson .status.allocatable }}
nodeInfo:
  architecture: amd64
  bootID: ""
  containerRuntimeVersion: containerd://2.1.4-k3s1
  kernelVersion: 6.1.0-38-amd64
  kubeProxyVersion: ${tested.k3s}
  kubeletVersion: ${tested.k3s}
  machineID: ""
  operatingSystem: linux
  osImage: Debian GNU/Linux 12 (bookworm)
  systemUUID: ""
phase: Running`;

/** What nodes do by themselves and by their annotation. */
export const nodeStages: readonly Stage[] = [
  {
    name: 'node-ready',
    kind: 'Node',
    when: [isNotGoing, isNotTrue('Ready'), is('NotIn', 'not-ready')],
    status: initial,
  },
  {
    name: 'node-not-ready',
    kind: 'Node',
    when: [isNotGoing, isTrue('Ready'), is('In', 'not-ready')],
    status: `conditions:${condition('Ready', false, 'KubeletNotReady', 'container runtime is down')}`,
  },
  ...Object.entries(pressures).flatMap(([behaviour, type]): Stage[] => {
    const wanted: Match = { key: noteKey(notes.node), operator: 'In', values: [behaviour] };
    return [
      {
        name: `node-${behaviour}`,
        kind: 'Node',
        when: [isNotGoing, isTrue('Ready'), isNotTrue(type), wanted],
        status: `conditions:${condition(type, true, `KubeletHas${type}`, 'kubelet has too little')}`,
      },
      {
        name: `node-no-${behaviour}`,
        kind: 'Node',
        when: [isNotGoing, isTrue(type), { ...wanted, operator: 'NotIn' }],
        status: `conditions:${calm(type)}`,
      },
    ];
  }),
];
