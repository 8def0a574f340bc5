import { z } from 'zod';
import type { Claim, Volume } from '../objects.ts';
import { wholeBytes } from '../quantity.ts';
import {
  listOf,
  metaSchema,
  namespacedMetaSchema,
  quantitySchema,
  textSchema,
  toMeta,
  toNamespacedMeta,
} from './shared.ts';

const storage = z.object({ storage: quantitySchema }).prefault({});

/** A PersistentVolumeClaim (API group core/v1). */
export const claimSchema: z.ZodType<Claim> = z
  .object({
    metadata: namespacedMetaSchema,
    spec: z.object({
      volumeName: textSchema,
      storageClassName: textSchema,
      accessModes: listOf(z.string()),
      resources: z.object({ requests: storage }).prefault({}),
    }),
    status: z
      .object({ phase: z.enum(['Pending', 'Bound', 'Lost']).catch('Pending'), capacity: storage })
      .prefault({ phase: 'Pending' }),
  })
  .transform(({ metadata, spec, status }): Claim => ({
    ...toNamespacedMeta(metadata),
    phase: status.phase,
    volumeName: spec.volumeName,
    storageClass: spec.storageClassName,
    requestedBytes: wholeBytes(spec.resources.requests.storage),
    capacityBytes: wholeBytes(status.capacity.storage),
    accessModes: spec.accessModes,
  }));

const termsSchema = z
  .object({
    required: z
      .object({
        nodeSelectorTerms: listOf(
          z.object({
            matchExpressions: listOf(z.object({ key: z.string(), values: listOf(z.string()) })),
          }),
        ),
      })
      .nullish(),
  })
  .nullish();

/** A PersistentVolume (API group core/v1). K3s' local-path makes hostPath or local ones. */
export const volumeSchema: z.ZodType<Volume> = z
  .object({
    metadata: metaSchema,
    spec: z.object({
      storageClassName: textSchema,
      capacity: storage,
      persistentVolumeReclaimPolicy: textSchema,
      hostPath: z.object({ path: z.string() }).nullish(),
      local: z.object({ path: z.string() }).nullish(),
      nodeAffinity: termsSchema,
    }),
    status: z.object({ phase: z.string().default('') }).prefault({}),
  })
  .transform(({ metadata, spec, status }): Volume => {
    const expressions = (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap(
      (term) => term.matchExpressions,
    );
    const byHost = expressions.find(({ key }) => key === 'kubernetes.io/hostname');
    return {
      ...toMeta(metadata),
      phase: status.phase,
      storageClass: spec.storageClassName,
      capacityBytes: wholeBytes(spec.capacity.storage),
      reclaimPolicy: spec.persistentVolumeReclaimPolicy,
      path: spec.hostPath?.path ?? spec.local?.path ?? null,
      node: byHost?.values[0] ?? null,
    };
  });
