import { z } from 'zod';

const meta = z.looseObject({
  name: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

const container = z.looseObject({ name: z.string(), image: z.string() });

/** A Deployment or StatefulSet as the API server gives it, as far as the deeds look into it. */
export const workloadSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: meta,
  spec: z.looseObject({
    replicas: z.number(),
    template: z.looseObject({
      metadata: z.looseObject({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()).optional(),
      }),
      spec: z.looseObject({
        containers: z.array(container),
        volumes: z.array(z.looseObject({ name: z.string() })).optional(),
      }),
    }),
  }),
});

/** See {@link workloadSchema}. */
export type LiveWorkload = z.infer<typeof workloadSchema>;

/** Something that a stolen token would try. `change` gets a copy of its own to write into. */
export interface Deed {
  readonly name: string;
  /** The field that the refusal has to name. */
  readonly field: string;
  readonly change: (workload: LiveWorkload) => void;
  /** Fields of one kind only. */
  readonly only?: 'Deployment' | 'StatefulSet';
  /** It takes something away, which a merge of the whole object does not express. */
  readonly removes?: true;
}

type Pod = LiveWorkload['spec']['template']['spec'];

const pod =
  (change: (spec: Pod) => void): Deed['change'] =>
  ({ spec }) =>
    change(spec.template.spec);

const first =
  (change: (container: Pod['containers'][number]) => void): Deed['change'] =>
  ({ spec }) => {
    const [found] = spec.template.spec.containers;
    if (found === undefined) throw new Error('a workload without a container');
    change(found);
  };

const inPod = 'spec.template.spec.';
const nodeDisk = { name: 'host', hostPath: { path: '/' } };
const secretVolume = { name: 'loot', secret: { secretName: 'ess-generated' } };

/** Everything that the policy has to refuse. */
export const deeds: readonly Deed[] = [
  {
    name: 'mount a Secret',
    field: `${inPod}volumes`,
    change: pod((spec) => (spec.volumes = [...(spec.volumes ?? []), secretVolume])),
  },
  {
    name: 'mount the disk of the node',
    field: `${inPod}volumes`,
    change: pod((spec) => (spec.volumes = [...(spec.volumes ?? []), nodeDisk])),
  },
  {
    name: 'run another image',
    field: `${inPod}containers`,
    change: first((each) => (each.image = 'example.org/other:1')),
  },
  {
    name: 'run another command',
    field: `${inPod}containers`,
    change: first((each) => (each['command'] = ['sh', '-c', 'env'])),
  },
  {
    name: 'set an environment variable',
    field: `${inPod}containers`,
    change: first((each) => (each['env'] = [{ name: 'LD_PRELOAD', value: '/tmp/x.so' }])),
  },
  {
    name: 'read a Secret into the environment',
    field: `${inPod}containers`,
    change: first((each) => (each['envFrom'] = [{ secretRef: { name: 'ess-generated' } }])),
  },
  {
    name: 'become privileged',
    field: `${inPod}containers`,
    change: first((each) => (each['securityContext'] = { privileged: true })),
  },
  {
    name: 'take the limits off',
    field: `${inPod}containers`,
    change: first((each) => (each['resources'] = { limits: { cpu: '64' } })),
  },
  {
    name: 'change a probe',
    field: `${inPod}containers`,
    change: first((each) => (each['livenessProbe'] = { exec: { command: ['sh', '-c', 'id'] } })),
  },
  {
    name: 'add a container',
    field: `${inPod}containers`,
    change: pod(({ containers }) => containers.push({ name: 'second', image: 'example.org/x:1' })),
  },
  {
    name: 'add an init container',
    field: `${inPod}initContainers`,
    change: pod((spec) => (spec['initContainers'] = [{ name: 'init', image: 'example.org/x:1' }])),
  },
  {
    name: 'take another ServiceAccount',
    field: `${inPod}serviceAccountName`,
    change: pod((spec) => (spec['serviceAccountName'] = 'ess-init-secrets')),
  },
  {
    name: 'ask for a token',
    field: `${inPod}automountServiceAccountToken`,
    change: pod((spec) => (spec['automountServiceAccountToken'] = true)),
  },
  {
    name: 'use the network of the node',
    field: `${inPod}hostNetwork`,
    change: pod((spec) => (spec['hostNetwork'] = true)),
  },
  {
    name: 'see the processes of the node',
    field: `${inPod}hostPID`,
    change: pod((spec) => (spec['hostPID'] = true)),
  },
  {
    name: 'move to another node',
    field: `${inPod}nodeSelector`,
    change: pod((spec) => (spec['nodeSelector'] = { 'kubernetes.io/hostname': 'other' })),
  },
  {
    name: 'choose the grace of an end',
    field: `${inPod}terminationGracePeriodSeconds`,
    change: pod((spec) => (spec['terminationGracePeriodSeconds'] = 7)),
  },
  {
    name: 'use the Secret of a registry',
    field: `${inPod}imagePullSecrets`,
    change: pod((spec) => (spec['imagePullSecrets'] = [{ name: 'ess-generated' }])),
  },
  {
    name: 'bend a host name',
    field: `${inPod}hostAliases`,
    change: pod((spec) => (spec['hostAliases'] = [{ ip: '192.0.2.1', hostnames: ['matrix.org'] }])),
  },
  {
    name: 'change replicas beside the scale subresource',
    field: 'spec.replicas',
    change: ({ spec }) => (spec.replicas += 1),
  },
  {
    name: 'label the workload',
    field: 'metadata.labels',
    change: ({ metadata }) => (metadata.labels = { ...metadata.labels, mine: 'yes' }),
  },
  {
    name: 'label the pods',
    field: 'spec.template.metadata.labels',
    change: ({ spec }) => (spec.template.metadata.labels['mine'] = 'yes'),
  },
  {
    name: 'annotate the workload',
    field: 'metadata.annotations',
    change: ({ metadata }) => (metadata.annotations = { ...metadata.annotations, mine: 'yes' }),
  },
  {
    name: 'annotate the workload with restartedAt',
    field: 'metadata.annotations',
    change: ({ metadata }) => {
      metadata.annotations = {
        ...metadata.annotations,
        'kubectl.kubernetes.io/restartedAt': '2026-11-22T19:00:00Z',
      };
    },
  },
  {
    name: 'annotate the pods',
    field: 'spec.template.metadata.annotations[mine]',
    change: ({ spec: { template } }) => {
      template.metadata.annotations = { ...template.metadata.annotations, mine: 'yes' };
    },
  },
  {
    name: 'take an annotation of the pods away',
    field: 'spec.template.metadata.annotations[kept]',
    change: ({ spec: { template } }) => {
      const { kept, ...others } = template.metadata.annotations ?? {};
      if (kept === undefined) throw new Error('nothing to take away');
      template.metadata.annotations = others;
    },
    removes: true,
  },
  {
    name: 'take the labels away',
    field: 'metadata.labels',
    change: ({ metadata }) => (metadata.labels = {}),
    removes: true,
  },
  {
    name: 'make it somebody’s child, to be collected with its owner',
    field: 'metadata.ownerReferences',
    change: ({ metadata }) => {
      const uid = '11111111-1111-4111-8111-111111111111';
      metadata['ownerReferences'] = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid }];
    },
  },
  {
    name: 'set a finalizer, so that nobody can delete it',
    field: 'metadata.finalizers',
    change: ({ metadata }) => (metadata['finalizers'] = ['example.org/never']),
  },
  {
    name: 'forget the old revisions',
    field: 'spec.revisionHistoryLimit',
    change: ({ spec }) => (spec['revisionHistoryLimit'] = 0),
  },
  {
    name: 'pause it',
    field: 'spec.paused',
    change: ({ spec }) => (spec['paused'] = true),
    only: 'Deployment',
  },
  {
    name: 'change how it rolls',
    field: 'spec.minReadySeconds',
    change: ({ spec }) => (spec['minReadySeconds'] = 5),
  },
  {
    name: 'let its volumes go with it',
    field: 'spec.persistentVolumeClaimRetentionPolicy',
    change: ({ spec }) => {
      spec['persistentVolumeClaimRetentionPolicy'] = {
        whenDeleted: 'Delete',
        whenScaled: 'Delete',
      };
    },
    only: 'StatefulSet',
  },
  {
    name: 'hide an image behind a restart',
    field: `${inPod}containers`,
    change: (workload) => {
      const { metadata } = workload.spec.template;
      metadata.annotations = {
        ...metadata.annotations,
        'kubectl.kubernetes.io/restartedAt': '2026-11-22T19:00:00Z',
      };
      first((each) => (each.image = 'example.org/other:1'))(workload);
    },
  },
  {
    name: 'keep notes in restartedAt',
    field: 'RFC 3339',
    change: ({ spec: { template } }) => {
      template.metadata.annotations = {
        ...template.metadata.annotations,
        'kubectl.kubernetes.io/restartedAt': 'the loot lies under the stone',
      };
    },
  },
];
