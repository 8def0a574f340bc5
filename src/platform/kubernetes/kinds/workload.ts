import { z } from 'zod';
import type { Workload, WorkloadKind } from '../objects.ts';
import {
  annotationsSchema,
  conditionsSchema,
  containerSpecsSchema,
  countSchema,
  labelsSchema,
  namespacedMetaSchema,
  textSchema,
  toNamespacedMeta,
} from './shared.ts';

/** What `kubectl rollout restart` writes, and we do. */
export const restartedAt = 'kubectl.kubernetes.io/restartedAt';

const selectorSchema = z.object({ matchLabels: labelsSchema }).prefault({});

const workloadAnswer = z.object({
  metadata: namespacedMetaSchema.extend({
    annotations: annotationsSchema,
    generation: countSchema,
  }),
  spec: z.object({
    // The API's own default.
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    selector: selectorSchema,
    template: z.object({
      metadata: z.object({ annotations: labelsSchema }).nullish(),
      spec: z.object({
        containers: containerSpecsSchema,
        initContainers: containerSpecsSchema,
      }),
    }),
  }),
  status: z
    .object({
      observedGeneration: countSchema,
      readyReplicas: countSchema,
      updatedReplicas: countSchema,
      availableReplicas: countSchema,
      updateRevision: textSchema,
      conditions: conditionsSchema,
    })
    .prefault({}),
});

/** A Deployment or StatefulSet (API group apps/v1). */
export function workloadSchema(kind: WorkloadKind): z.ZodType<Workload> {
  return workloadAnswer.transform(({ metadata, spec, status }): Workload => {
    const revision = metadata.annotations['deployment.kubernetes.io/revision'];
    return {
      ...toNamespacedMeta(metadata),
      kind,
      annotations: metadata.annotations,
      wanted: spec.replicas,
      ready: status.readyReplicas,
      updated: status.updatedReplicas,
      available: status.availableReplicas,
      observed: status.observedGeneration >= metadata.generation,
      revision: (kind === 'Deployment' ? revision : status.updateRevision) ?? null,
      paused: spec.paused,
      selector: spec.selector.matchLabels,
      containers: spec.template.spec.containers,
      initContainers: spec.template.spec.initContainers,
      conditions: status.conditions,
      restartedAt: spec.template.metadata?.annotations[restartedAt] ?? null,
    };
  });
}
