import { z } from 'zod';
import type { Ingress, Service } from '../objects.ts';
import {
  annotationsSchema,
  labelsSchema,
  listOf,
  loadBalancerSchema,
  namespacedMetaSchema,
  textSchema,
  toNamespacedMeta,
} from './shared.ts';

const portNumber = z
  .number()
  .nullish()
  .transform((port) => port ?? null);

/** A Service (API group core/v1). */
export const serviceSchema: z.ZodType<Service> = z
  .object({
    metadata: namespacedMetaSchema,
    spec: z.object({
      type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).default('ClusterIP'),
      clusterIP: textSchema,
      selector: labelsSchema,
      externalTrafficPolicy: textSchema,
      ports: listOf(
        z
          .object({
            name: textSchema,
            port: z.number(),
            targetPort: z.union([z.number(), z.string()]).optional(),
            nodePort: portNumber,
            protocol: z.string().default('TCP'),
          })
          // "If this is not specified, the value of the 'port' field is used."
          .transform((each) => ({ ...each, targetPort: each.targetPort ?? each.port })),
      ),
    }),
    status: z.object({ loadBalancer: loadBalancerSchema }).prefault({}),
  })
  .transform(({ metadata, spec, status }): Service => ({
    ...toNamespacedMeta(metadata),
    ...spec,
    clusterIP: spec.clusterIP === 'None' ? null : spec.clusterIP,
    loadBalancer: status.loadBalancer,
  }));

const backendSchema = z
  .object({
    service: z
      .object({
        name: z.string(),
        port: z.object({ number: z.number().optional(), name: z.string().optional() }).nullish(),
      })
      .nullish(),
  })
  .prefault({});

/** An Ingress (API group networking.k8s.io/v1). */
export const ingressSchema: z.ZodType<Ingress> = z
  .object({
    metadata: namespacedMetaSchema.extend({ annotations: annotationsSchema }),
    spec: z.object({
      ingressClassName: textSchema,
      rules: listOf(
        z
          .object({
            host: textSchema,
            http: z
              .object({
                paths: listOf(
                  z
                    .object({
                      path: z.string().default('/'),
                      pathType: z.string().default('ImplementationSpecific'),
                      backend: backendSchema,
                    })
                    .transform(({ path, pathType, backend: { service } }) => ({
                      ...{ path, pathType },
                      service: service?.name ?? null,
                      port: service?.port?.number ?? service?.port?.name ?? null,
                    })),
                ),
              })
              .nullish(),
          })
          .transform(({ host, http }) => ({ host, paths: http?.paths ?? [] })),
      ),
      tls: listOf(z.object({ hosts: listOf(z.string()), secretName: textSchema })),
    }),
    status: z.object({ loadBalancer: loadBalancerSchema }).prefault({}),
  })
  .transform(({ metadata, spec, status }): Ingress => ({
    ...toNamespacedMeta(metadata),
    annotations: metadata.annotations,
    className: spec.ingressClassName,
    rules: spec.rules,
    tls: spec.tls,
    loadBalancer: status.loadBalancer,
  }));
