import { z } from 'zod';
import type { Usage } from '../objects.ts';
import { milliCores, wholeBytes } from '../quantity.ts';
import { listOf, momentSchema, quantitySchema } from './shared.ts';

const amountSchema = z
  .object({ cpu: quantitySchema, memory: quantitySchema })
  .transform(({ cpu, memory }) => ({
    milliCores: milliCores(cpu) ?? 0,
    bytes: wholeBytes(memory) ?? 0,
  }));

/** A list of NodeMetrics or PodMetrics (API group metrics.k8s.io/v1beta1). */
export const usageListSchema: z.ZodType<readonly Usage[]> = z
  .object({
    items: listOf(
      z
        .object({
          metadata: z.object({ name: z.string() }),
          timestamp: momentSchema,
          usage: amountSchema.optional(),
          containers: listOf(z.object({ name: z.string(), usage: amountSchema })),
        })
        .transform(({ metadata, timestamp, usage, containers }): Usage => {
          const parts = containers.map((each) => ({ name: each.name, ...each.usage }));
          const sum = (amount: (part: { milliCores: number; bytes: number }) => number) =>
            parts.reduce((total, part) => total + amount(part), 0);
          return {
            name: metadata.name,
            at: timestamp ?? 0,
            milliCores: usage?.milliCores ?? sum((part) => part.milliCores),
            bytes: usage?.bytes ?? sum((part) => part.bytes),
            containers: parts,
          };
        }),
    ),
  })
  .transform(({ items }) => items);
