import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { say } from '../../../core/text.ts';
import type { Clock } from '../../clock.ts';
import type { ApiClient } from '../http/api-client.ts';
import { badAnswer, refused, unreachable, unreachableFor } from '../http/failure.ts';
import { statusSchema } from '../http/status.ts';
import type { KindSpec } from '../kinds/index.ts';
import type { Namespace, ObjectMeta } from '../objects.ts';
import type { WatchState } from '../port.ts';
import { BackOff } from './back-off.ts';
import { linesOf } from './json-lines.ts';
import { KindStore, type Difference } from './kind-store.ts';
import { isGone, listPages, project, targetOf } from './list-pages.ts';
import type { Waking } from './waking.ts';

/** What every watch of a cluster shares. */
export interface WatchParts {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly waking: Waking;
  /** In [0, 1). */
  readonly random: () => number;
  /** A watch that says nothing for so long is opened again, ms. Bookmarks come about every 60 s. */
  readonly silenceMs: number;
}

/** One kind in one namespace, or in the whole cluster. */
export interface WatchOptions<Kept> {
  readonly spec: KindSpec<Kept>;
  readonly namespace?: Namespace | undefined;
  readonly labelSelector?: string | undefined;
  /** Not told of the first list: look at the store when the state becomes `connected`. */
  readonly onDifference: (difference: Difference<Kept>) => void;
  readonly onState: (state: WatchState) => void;
}

const eventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});

const versionSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    name: z.string().default(''),
    namespace: z.string().default(''),
    uid: z.string().default(''),
  }),
});

/** While the API server starts, its roles and custom kinds are not there yet. */
const refusalsUntilBelieved = 3;

/**
 * A cache of one kind that follows the API server: list, then watch from the list's version with
 * bookmarks, and list again where the version is too old (Kubernetes API concepts, "Efficient
 * detection of changes"). client-node's informer stops at the first error that is no 410.
 */
export class KindWatch<Kept extends ObjectMeta> {
  readonly store: KindStore<Kept>;
  readonly #parts: WatchParts;
  readonly #options: WatchOptions<Kept>;
  readonly #soon: BackOff;
  readonly #late: BackOff;
  #state: WatchState = { is: 'starting' };
  #asOf: number | null = null;
  #version: string | null = null;
  #refusals = 0;

  constructor(parts: WatchParts, options: WatchOptions<Kept>) {
    this.#parts = parts;
    this.#options = options;
    this.store = new KindStore<Kept>(options.spec.most);
    const { random } = parts;
    this.#soon = new BackOff({ firstMs: 200, mostMs: 2000, random });
    this.#late = new BackOff({ firstMs: 1000, mostMs: 60_000, random });
  }

  get state(): WatchState {
    return this.#state;
  }

  /** When the API server last confirmed what is in the store, ms since the epoch; null: never. */
  get asOf(): number | null {
    return this.#asOf;
  }

  /** Follows until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) await this.#follow(signal);
    } catch (error) {
      // Aborted: the end. Anything else has become a state.
      if (!signal.aborted) throw error;
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const started = this.#parts.clock.monotonic();
    try {
      await this.#list(signal);
      await this.#watch(signal);
      // The API server ends a watch now and then; one that it ends at once is as good as refused.
      if (this.#parts.clock.monotonic() - started > 1000) {
        this.#soon.reset();
        return;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (isGone(error)) this.#version = null;
      else if (await this.#refused(error, signal)) return;
      else this.#lost(error);
    }
    await this.#parts.waking.pause(this.#soon.next(), signal);
  }

  async #list(signal: AbortSignal): Promise<void> {
    if (this.#version !== null) return;
    const { client, clock, log } = this.#parts;
    const { spec, namespace, labelSelector } = this.#options;
    const listed = await listPages(
      client,
      { resource: spec, schema: spec.schema, namespace, labelSelector, most: spec.most, signal },
      log,
    );
    const isFirst = this.#asOf === null;
    const differences = this.store.replace(listed.objects);
    this.#version = listed.version;
    this.#asOf = clock.now();
    if (!isFirst) for (const each of differences) this.#options.onDifference(each);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { client, random, silenceMs } = this.#parts;
    const { spec, namespace, labelSelector } = this.#options;
    const target = targetOf(spec, namespace);
    const answer = await client.open({
      method: 'GET',
      verb: 'watch',
      target,
      query: {
        watch: 'true',
        resourceVersion: this.#version ?? '',
        allowWatchBookmarks: 'true',
        // Not all watches of a cluster in the same moment (as client-go's reflector does).
        timeoutSeconds: String(Math.round(300 * (1 + random()))),
        ...(labelSelector === undefined ? {} : { labelSelector }),
      },
      signal,
    });
    const { url } = await client.connection();
    const limit = { span: silenceMs };
    answer.setTimeout(silenceMs, () =>
      answer.destroy(unreachableFor(url, say('kubernetes.silent', { limit }))),
    );
    this.#reached();
    try {
      for await (const line of linesOf(answer)) this.#hear(line, url);
    } catch (error) {
      throw error instanceof AppError ? error : unreachable(url, error);
    } finally {
      answer.setTimeout(0);
    }
  }

  #hear(line: string, url: string): void {
    const { spec, onDifference } = this.#options;
    const event = eventSchema.parse(JSON.parse(line));
    if (event.type === 'ERROR') throw this.#ended(event.object, url);
    const about = versionSchema.parse(event.object);
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED': {
        const kept = project(spec.schema, event.object, this.#parts.log);
        const differences = kept === null ? [] : this.store.put(kept);
        for (const each of differences) onDifference(each);
        break;
      }
      case 'DELETED':
        for (const each of this.store.remove(about.metadata)) onDifference(each);
        break;
      case 'BOOKMARK':
        break;
      default:
        event.type satisfies never;
    }
    this.#version = about.metadata.resourceVersion;
    this.#asOf = this.#parts.clock.now();
    this.#soon.reset();
  }

  /** A watch that has begun can end with a Status, e.g. 410 when it fell too far behind. */
  #ended(object: unknown, url: string): AppError {
    const parsed = statusSchema.safeParse(object);
    if (!parsed.success) return badAnswer(0, say('kubernetes.shape'), parsed.error);
    const { spec, namespace } = this.#options;
    const target = targetOf(spec, namespace);
    const { source } = this.#parts.client;
    return refused(parsed.data.code, parsed.data, { url, source, verb: 'watch', target });
  }

  #reached(): void {
    this.#refusals = 0;
    this.#late.reset();
    if (this.#state.is === 'connected') return;
    this.#become({ is: 'connected' });
    this.#parts.waking.wake();
  }

  #lost(error: unknown): void {
    const problem = error instanceof AppError ? error : badAnswer(0, String(error), error);
    const since = this.#state.is === 'disconnected' ? this.#state.since : this.#parts.clock.now();
    this.#become({ is: 'disconnected', since, problem });
  }

  /** Whether this was a refusal that lasts; then the long pause is over when it resolves. */
  async #refused(error: unknown, signal: AbortSignal): Promise<boolean> {
    if (!(error instanceof AppError)) return false;
    const isAbsent = error.code === 'E_KUBERNETES_NOT_FOUND';
    if (!isAbsent && error.code !== 'E_KUBERNETES_FORBIDDEN') return false;
    this.#refusals += 1;
    if (this.#asOf !== null && this.#refusals < refusalsUntilBelieved) return false;
    this.#version = null;
    if (isAbsent) for (const each of this.store.replace([])) this.#options.onDifference(each);
    this.#become(isAbsent ? { is: 'absent' } : { is: 'forbidden', problem: error });
    await this.#parts.clock.sleep(this.#late.next(), signal);
    return true;
  }

  #become(state: WatchState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
