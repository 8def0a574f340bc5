import { isNotGoing, type Match, type Stage } from './stage.ts';

/** As on K3s. */
export const storageClass = 'local-path';

const provisioner = 'rancher.io/local-path';

const isOurs: Match = { key: '.spec.storageClassName', operator: 'In', values: [storageClass] };

/** A volume for a claim: a folder on the node, as K3s's local-path provisioner makes. */
const volume = (folder: string): string => `
apiVersion: v1
kind: PersistentVolume
metadata:
  name: pvc-{{ .metadata.uid }}
  annotations:
    pv.kubernetes.io/provisioned-by: ${provisioner}
spec:
  accessModes: {{ toJson .spec.accessModes }}
  capacity: {{ toJson .spec.resources.requests }}
  persistentVolumeReclaimPolicy: Delete
  storageClassName: ${storageClass}
  volumeMode: Filesystem
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    name: {{ .metadata.name | Quote }}
    namespace: {{ .metadata.namespace | Quote }}
    uid: {{ .metadata.uid | Quote }}
  nodeAffinity:
    required:
      nodeSelectorTerms:
      - matchExpressions:
        - key: kubernetes.io/hostname
          operator: In
          values: [{{ index .metadata.annotations "volume.kubernetes.io/selected-node" | Quote }}]
  hostPath:
    path: ${folder}/pvc-{{ .metadata.uid }}_{{ .metadata.namespace }}_{{ .metadata.name }}
    type: DirectoryOrCreate`;

/** Stages of claims and volumes. Binding itself is the controller manager's work. */
export const volumeStages = (folder: string): readonly Stage[] => [
  {
    name: 'claim-provision',
    kind: 'PersistentVolumeClaim',
    when: [
      isNotGoing,
      isOurs,
      { key: '.spec.volumeName', operator: 'DoesNotExist' },
      {
        // The scheduler has found a node for the first pod that wants it.
        key: '.metadata.annotations["volume.kubernetes.io/selected-node"]',
        operator: 'Exists',
      },
    ],
    objects: [volume(folder)],
  },
  {
    name: 'volume-delete',
    kind: 'PersistentVolume',
    when: [isNotGoing, isOurs, { key: '.status.phase', operator: 'In', values: ['Released'] }],
    delete: true,
  },
];

/** K3s's storage class. */
export const storageClassObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: storageClass,
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
} as const;
