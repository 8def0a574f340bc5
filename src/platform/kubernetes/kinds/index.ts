import type { z } from 'zod';
import type { WatchedKind, WatchedObjects } from '../objects.ts';
import { customSchema } from './custom.ts';
import { eventSchema } from './event.ts';
import { ingressSchema, serviceSchema } from './network.ts';
import { nodeSchema } from './node.ts';
import { podSchema } from './pod.ts';
import { claimSchema } from './storage.ts';
import { workloadSchema } from './workload.ts';

/** Where the API server has a kind of object. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, lower case. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** How a watched kind is found and what of it is kept. */
export interface KindSpec<Kept> extends Resource {
  /** Keeps only the fields that the house needs. */
  readonly schema: z.ZodType<Kept>;
  /** Most objects that are kept; of more, the oldest are left out. */
  readonly most: number;
}

/** Every watched kind. */
export const kinds: { readonly [Kind in WatchedKind]: KindSpec<WatchedObjects[Kind]> } = {
  Deployment: {
    ...{ group: 'apps', version: 'v1', resource: 'deployments', namespaced: true, most: 500 },
    schema: workloadSchema('Deployment'),
  },
  StatefulSet: {
    ...{ group: 'apps', version: 'v1', resource: 'statefulsets', namespaced: true, most: 500 },
    schema: workloadSchema('StatefulSet'),
  },
  Pod: {
    ...{ group: '', version: 'v1', resource: 'pods', namespaced: true, most: 2000 },
    schema: podSchema,
  },
  Service: {
    ...{ group: '', version: 'v1', resource: 'services', namespaced: true, most: 1000 },
    schema: serviceSchema,
  },
  Ingress: {
    ...{ group: 'networking.k8s.io', version: 'v1', resource: 'ingresses', namespaced: true },
    ...{ most: 500, schema: ingressSchema },
  },
  PersistentVolumeClaim: {
    ...{ group: '', version: 'v1', resource: 'persistentvolumeclaims', namespaced: true },
    ...{ most: 500, schema: claimSchema },
  },
  Certificate: {
    ...{ group: 'cert-manager.io', version: 'v1', resource: 'certificates', namespaced: true },
    ...{ most: 500, schema: customSchema },
  },
  Node: {
    ...{ group: '', version: 'v1', resource: 'nodes', namespaced: false, most: 200 },
    schema: nodeSchema,
  },
  Event: {
    ...{ group: '', version: 'v1', resource: 'events', namespaced: true, most: 1000 },
    schema: eventSchema,
  },
};

/** Names of all watched kinds. */
export const watchedKinds: readonly WatchedKind[] = [
  'Deployment',
  'StatefulSet',
  'Pod',
  'Service',
  'Ingress',
  'PersistentVolumeClaim',
  'Certificate',
  'Node',
  'Event',
];
