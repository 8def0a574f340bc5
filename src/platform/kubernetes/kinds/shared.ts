import { z } from 'zod';
import { parseNamespace } from '../namespace.ts';
import type { Compute, Condition, ContainerSpec, NamespacedMeta, ObjectMeta } from '../objects.ts';
import { milliCores, wholeBytes } from '../quantity.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Labels; none is an empty object. */
export const labelsSchema = z
  .record(z.string(), z.string())
  .nullish()
  .transform((labels) => labels ?? {});

/** Annotations without kubectl's copy of the whole object. */
export const annotationsSchema = labelsSchema.transform((all) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== lastApplied)),
);

/** RFC 3339 to ms since the epoch; null where it is missing or no time. */
export const momentSchema = z
  .string()
  .nullish()
  .transform((text) => {
    const moment = text === null || text === undefined ? Number.NaN : Date.parse(text);
    return Number.isNaN(moment) ? null : moment;
  });

/** Something that may be missing, null or empty, which the API does not tell apart. */
export const textSchema = z
  .string()
  .nullish()
  .transform((text) => (text === '' ? null : (text ?? null)));

/** A number that is 0 where it is missing. */
export const countSchema = z
  .number()
  .nullish()
  .transform((count) => count ?? 0);

/** A list that is empty where it is missing. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

/** A quantity as the API writes it. */
export const quantitySchema = z.union([z.string(), z.number()]).optional();

/** The metadata that every object has. */
export const metaSchema = z.object({
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  labels: labelsSchema,
  creationTimestamp: momentSchema,
  deletionTimestamp: momentSchema,
});

/** {@link metaSchema} of something that lives in a namespace. */
export const namespacedMetaSchema = metaSchema.extend({
  namespace: z.string().transform(parseNamespace),
});

/** Ours out of the API's. */
export function toMeta(meta: z.output<typeof metaSchema>): ObjectMeta {
  return {
    name: meta.name,
    uid: meta.uid,
    resourceVersion: meta.resourceVersion,
    labels: meta.labels,
    createdAt: meta.creationTimestamp ?? 0,
    deletingSince: meta.deletionTimestamp,
  };
}

/** Ours out of the API's. */
export function toNamespacedMeta(meta: z.output<typeof namespacedMetaSchema>): NamespacedMeta {
  return { ...toMeta(meta), namespace: meta.namespace };
}

/** Conditions of any kind of object. */
export const conditionsSchema = listOf(
  z
    .object({
      type: z.string(),
      status: z.enum(['True', 'False', 'Unknown']).catch('Unknown'),
      reason: textSchema,
      message: textSchema,
      lastTransitionTime: momentSchema,
    })
    .transform(({ lastTransitionTime, ...rest }): Condition => ({
      ...rest,
      since: lastTransitionTime,
    })),
);

const computeSchema = z
  .object({ cpu: quantitySchema, memory: quantitySchema })
  .nullish()
  .transform((amount): Compute => ({
    milliCores: milliCores(amount?.cpu),
    bytes: wholeBytes(amount?.memory),
  }));

/** Containers as they are wanted. */
export const containerSpecsSchema = listOf(
  z
    .object({
      name: z.string(),
      image: z.string().default(''),
      ports: listOf(
        z
          .object({
            name: textSchema,
            containerPort: z.number(),
            protocol: z.string().default('TCP'),
            hostPort: z.number().nullish(),
          })
          .transform(({ name, containerPort, protocol, hostPort }) => ({
            ...{ name, port: containerPort, protocol },
            hostPort: hostPort ?? null,
          })),
      ),
      resources: z.object({ requests: computeSchema, limits: computeSchema }).prefault({}),
    })
    .transform(({ name, image, ports, resources }): ContainerSpec => ({
      ...{ name, image, ports },
      requests: resources.requests,
      limits: resources.limits,
    })),
);

/** Addresses that a load balancer got. */
export const loadBalancerSchema = z
  .object({ ingress: listOf(z.object({ ip: textSchema, hostname: textSchema })) })
  .nullish()
  .transform((balancer) =>
    (balancer?.ingress ?? []).flatMap(({ ip, hostname }) => [ip ?? hostname].filter(isText)),
  );

const isText = (text: string | null): text is string => text !== null;
