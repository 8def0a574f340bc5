import { labObject, type LabObject } from './api.ts';
import { kwokDefinitions } from './kwok/config.ts';
import { metricsPath } from './kwok/metrics.ts';
import { notes } from './kwok/stage.ts';
import { storageClassObject } from './kwok/volume-stages.ts';

/** The one node of a cluster. */
export const nodeName = 'home';

/** Where the lab's own objects lie that belong to no release. */
export const labNamespace = 'urtc-lab';

/** Holds what the pods that are made from now on do: see {@link behaviourPolicy}. */
export const behaviourMap = 'behaviours';

/** Room for many releases: a shared cluster has one per test file. */
const resources = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '500Gi', pods: '2000' };

/** A node for kwok, with a size and names as on a server at home. */
export const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: nodeName,
    labels: {
      'kubernetes.io/hostname': nodeName,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'node-role.kubernetes.io/control-plane': 'true',
    },
    annotations: {
      'kwok.x-k8s.io/node': 'fake',
      'metrics.k8s.io/resource-metrics-path': metricsPath(nodeName),
    },
  },
  status: { allocatable: resources, capacity: resources },
} as const;

/**
 * Writes on every new pod what it is to do, where a test has said so for its namespace and name
 * (`app.kubernetes.io/name`). So a behaviour outlives restarts, and no template is touched.
 */
const behaviourPolicy: readonly LabObject[] = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: 'lab-behaviours' },
    spec: {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
        ],
      },
      matchConditions: [
        {
          name: 'named',
          expression:
            'has(object.metadata.labels) && "app.kubernetes.io/name" in object.metadata.labels',
        },
        {
          name: 'told',
          expression:
            'has(params.data) && request.namespace + "." + object.metadata.labels["app.kubernetes.io/name"] in params.data',
        },
      ],
      variables: [
        {
          name: 'key',
          expression: 'request.namespace + "." + object.metadata.labels["app.kubernetes.io/name"]',
        },
        { name: 'parts', expression: 'params.data[variables.key].split("/")' },
        {
          name: 'notes',
          expression: `{${[notes.behaviour, notes.container, notes.every]
            .map((note, i) => `"${note}": variables.parts[${i}]`)
            .join(', ')}}`,
        },
      ],
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression: 'Object{metadata: Object.metadata{annotations: variables.notes}}',
          },
        },
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression: [
              'variables.parts[0] == "pending"',
              '? [JSONPatch{op: "add", path: "/spec/nodeSelector", value: {"lab.urtc.io/nowhere": "yes"}}]',
              ': []',
            ].join(' '),
          },
        },
      ],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: 'lab-behaviours' },
    spec: {
      policyName: 'lab-behaviours',
      paramRef: {
        ...{ name: behaviourMap, namespace: labNamespace },
        parameterNotFoundAction: 'Allow',
      },
    },
  },
];

const ingressClass: LabObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'traefik' },
  spec: { controller: 'traefik.io/ingress-controller' },
};

/** What kwok needs before it starts. */
export const objectsBeforeKwok: readonly LabObject[] = [
  ...kwokDefinitions.map((definition) => labObject.parse(definition)),
  storageClassObject,
];

/** What a K3s server has, and the lab's own. */
export const baseObjects: readonly LabObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: labNamespace } },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: behaviourMap, namespace: labNamespace },
  },
  ...behaviourPolicy,
  ingressClass,
];
