import { z } from 'zod';
import type { CustomObject } from '../objects.ts';
import {
  conditionsSchema,
  annotationsSchema,
  namespacedMetaSchema,
  toNamespacedMeta,
} from './shared.ts';

const statusSchema = z.looseObject({ conditions: conditionsSchema });

/** A custom object, e.g. a Certificate of cert-manager.io/v1. `spec` and `status` are kept whole. */
export const customSchema: z.ZodType<CustomObject> = z
  .object({
    apiVersion: z.string().default(''),
    kind: z.string().default(''),
    metadata: namespacedMetaSchema.extend({ annotations: annotationsSchema }),
    spec: z.json().default(null),
    status: z.json().default(null),
  })
  .transform(({ apiVersion, kind, metadata, spec, status }): CustomObject => {
    const known = statusSchema.safeParse(status);
    return {
      ...toNamespacedMeta(metadata),
      ...{ apiVersion, kind, spec, status },
      annotations: metadata.annotations,
      conditions: known.success ? known.data.conditions : [],
    };
  });
