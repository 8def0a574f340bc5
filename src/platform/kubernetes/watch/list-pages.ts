import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { Target } from '../http/target.ts';
import type { Resource } from '../kinds/index.ts';
import type { Namespace } from '../objects.ts';

/** Objects per request: memory holds one page of whole objects at a time. */
const perPage = 200;

const pageSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().default('') }),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
});

/** Which objects are listed. */
export interface Listing<Kept> {
  readonly resource: Resource;
  readonly schema: z.ZodType<Kept>;
  readonly namespace?: Namespace | undefined;
  readonly labelSelector?: string | undefined;
  /** Pages end once so many objects are there. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
}

/** A list, and the version to watch from. */
export interface Listed<Kept> {
  readonly objects: readonly Kept[];
  readonly version: string;
  /** More were there than `most`. */
  readonly isCut: boolean;
}

/** Where a resource is listed. */
export function targetOf(resource: Resource, namespace: Namespace | undefined): Target {
  const { group, version, resource: name } = resource;
  return { group, version, resource: name, ...(resource.namespaced ? { namespace } : {}) };
}

/**
 * Reads the object, or null where it has an unexpected form: one strange object must not hide all
 * others.
 */
export function project<Kept>(schema: z.ZodType<Kept>, object: unknown, log: Log): Kept | null {
  const parsed = schema.safeParse(object);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).slice(0, 5);
  log.warn({ where }, 'left out an object of the cluster that has an unexpected form');
  return null;
}

/** Lists page by page (Kubernetes API concepts, "Retrieving large results sets in chunks"). */
export async function listPages<Kept>(
  client: ApiClient,
  listing: Listing<Kept>,
  log: Log,
): Promise<Listed<Kept>> {
  const { resource, schema, namespace, labelSelector, most, signal } = listing;
  const objects: Kept[] = [];
  let next = '';
  const pages = Math.ceil((2 * most) / perPage) + 1;
  for (let page = 0; page < pages; page += 1) {
    const answer = await client.ask(pageSchema, {
      method: 'GET',
      verb: 'list',
      target: targetOf(resource, namespace),
      query: {
        limit: String(perPage),
        ...(next === '' ? {} : { continue: next }),
        ...(labelSelector === undefined ? {} : { labelSelector }),
      },
      signal,
    });
    for (const item of answer.items) {
      const kept = project(schema, item, log);
      if (kept !== null) objects.push(kept);
    }
    next = answer.metadata.continue;
    const { resourceVersion: version } = answer.metadata;
    if (next === '' || page === pages - 1) return { objects, version, isCut: next !== '' };
  }
  throw new RangeError('a list of no pages');
}

/** Whether an error says that the version or the list's continuation is too old (410 Gone). */
export function isGone(error: unknown): boolean {
  return (
    error instanceof AppError &&
    error.code === 'E_KUBERNETES_ANSWER' &&
    error.params['status'] === '410'
  );
}
