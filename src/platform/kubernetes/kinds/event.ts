import { z } from 'zod';
import type { ClusterEvent } from '../objects.ts';
import { momentSchema, namespacedMetaSchema, textSchema, toNamespacedMeta } from './shared.ts';

/** Longest message that is kept, in characters (the API's own limit, too). */
const longest = 1024;

/**
 * An event, read through core/v1. Who writes through events.k8s.io/v1 fills `eventTime` and
 * `series` instead of first, last and count.
 */
export const eventSchema: z.ZodType<ClusterEvent> = z
  .object({
    metadata: namespacedMetaSchema,
    type: z.string().default('Normal'),
    reason: z.string().default(''),
    message: z.string().default(''),
    involvedObject: z
      .object({ kind: z.string().default(''), name: z.string().default(''), uid: textSchema })
      .prefault({}),
    count: z.number().nullish(),
    firstTimestamp: momentSchema,
    lastTimestamp: momentSchema,
    eventTime: momentSchema,
    series: z.object({ count: z.number(), lastObservedTime: momentSchema }).nullish(),
    source: z.object({ component: textSchema }).prefault({}),
    reportingComponent: textSchema,
  })
  .transform((event): ClusterEvent => {
    const meta = toNamespacedMeta(event.metadata);
    const firstAt = event.firstTimestamp ?? event.eventTime ?? meta.createdAt;
    return {
      ...meta,
      type: event.type,
      reason: event.reason,
      message: event.message.slice(0, longest),
      about: event.involvedObject,
      count: event.series?.count ?? event.count ?? 1,
      firstAt,
      lastAt: event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? firstAt,
      source: event.source.component ?? event.reportingComponent,
    };
  });
