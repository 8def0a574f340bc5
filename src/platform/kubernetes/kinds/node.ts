import { z } from 'zod';
import type { ClusterNode, NodeCapacity } from '../objects.ts';
import { milliCores, parseQuantity, wholeBytes } from '../quantity.ts';
import { conditionsSchema, listOf, metaSchema, quantitySchema, toMeta } from './shared.ts';

const capacitySchema = z
  .object({
    cpu: quantitySchema,
    memory: quantitySchema,
    pods: quantitySchema,
    'ephemeral-storage': quantitySchema,
  })
  .prefault({})
  .transform((amount): NodeCapacity => ({
    milliCores: milliCores(amount.cpu),
    bytes: wholeBytes(amount.memory),
    pods: parseQuantity(amount.pods),
    storageBytes: wholeBytes(amount['ephemeral-storage']),
  }));

/** A node (API group core/v1). */
export const nodeSchema: z.ZodType<ClusterNode> = z
  .object({
    metadata: metaSchema,
    spec: z
      .object({
        unschedulable: z.boolean().default(false),
        taints: listOf(z.object({ key: z.string(), effect: z.string() })),
      })
      .prefault({}),
    status: z
      .object({
        conditions: conditionsSchema,
        capacity: capacitySchema,
        allocatable: capacitySchema,
        addresses: listOf(z.object({ type: z.string(), address: z.string() })),
        nodeInfo: z
          .object({
            kubeletVersion: z.string().default(''),
            containerRuntimeVersion: z.string().default(''),
            osImage: z.string().default(''),
            kernelVersion: z.string().default(''),
          })
          .prefault({}),
      })
      .prefault({}),
  })
  .transform(({ metadata, spec, status }): ClusterNode => ({
    ...toMeta(metadata),
    conditions: status.conditions,
    unschedulable: spec.unschedulable,
    capacity: status.capacity,
    allocatable: status.allocatable,
    kubeletVersion: status.nodeInfo.kubeletVersion,
    runtime: status.nodeInfo.containerRuntimeVersion,
    osImage: status.nodeInfo.osImage,
    kernel: status.nodeInfo.kernelVersion,
    addresses: status.addresses,
    taints: spec.taints.map(({ key, effect }) => `${key}:${effect}`),
  }));
