import { z } from 'zod';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import type { ApiClient } from './http/api-client.ts';
import { kinds } from './kinds/index.ts';
import type { Namespace, WatchedKind } from './objects.ts';
import { targetOf } from './watch/list-pages.ts';

/** Objects per request: memory holds one page of whole objects at a time. */
const perPage = 100;
/** More pages than this are not read. */
const mostPages = 50;

const pageSchema = z.object({
  metadata: z.object({ continue: z.string().default('') }),
  items: z
    .array(jsonObjectSchema)
    .nullish()
    .transform((items) => items ?? []),
});

/**
 * Objects of a kind, whole, as the API server has them now, page by page (Kubernetes API concepts,
 * "Retrieving large results sets in chunks"). Throws `E_KUBERNETES_*` or the signal's reason.
 */
export async function* readManifests(
  client: ApiClient,
  kind: WatchedKind,
  namespace: Namespace,
  signal: AbortSignal | undefined,
): AsyncGenerator<JsonObject> {
  let next = '';
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await client.ask(pageSchema, {
      method: 'GET',
      verb: 'list',
      target: targetOf(kinds[kind], namespace),
      query: { limit: String(perPage), ...(next === '' ? {} : { continue: next }) },
      signal,
    });
    yield* answer.items;
    next = answer.metadata.continue;
    if (next === '') return;
  }
}
