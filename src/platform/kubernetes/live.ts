import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { Secret } from '../../core/secret.ts';
import type { ApiClient } from './http/api-client.ts';
import type { Target } from './http/target.ts';
import { customSchema } from './kinds/custom.ts';
import { kinds } from './kinds/index.ts';
import { volumeSchema } from './kinds/storage.ts';
import { usageListSchema } from './kinds/usage.ts';
import type {
  CustomObject,
  Namespace,
  ObjectRef,
  Usage,
  Volume,
  WatchedKind,
  WatchedObjects,
} from './objects.ts';
import { listPages } from './watch/list-pages.ts';

/** Most objects of one live list. */
const most = 2000;

const core = { group: '', version: 'v1' } as const;

const dataSchema = z.object({ data: z.record(z.string(), z.string()).nullish() });

/** What is missing is an answer, too. */
async function orNull<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError && error.code === 'E_KUBERNETES_NOT_FOUND') return null;
    throw error;
  }
}

function utf8(base64: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(base64, 'base64'),
    );
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** What is asked of the API server each time, because it is rare, foreign, or secret. */
export class LiveReads {
  readonly #client: ApiClient;
  readonly #log: Log;

  constructor(client: ApiClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  async volume(name: string, signal?: AbortSignal): Promise<Volume | null> {
    return this.#get(volumeSchema, { ...core, resource: 'persistentvolumes', name }, signal);
  }

  async secret(
    ref: ObjectRef,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Secret<string>> | null> {
    const { namespace, name } = ref;
    const target = { ...core, resource: 'secrets', namespace, name };
    const found = await this.#get(dataSchema, target, signal);
    if (found === null) return null;
    const values = Object.entries(found.data ?? {}).flatMap(([key, value]) => {
      const text = utf8(value);
      return text === null ? [] : [[key, new Secret(text)] as const];
    });
    return new Map(values);
  }

  async configMap(
    ref: ObjectRef,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | null> {
    const { namespace, name } = ref;
    const target = { ...core, resource: 'configmaps', namespace, name };
    const found = await this.#get(dataSchema, target, signal);
    return found === null ? null : new Map(Object.entries(found.data ?? {}));
  }

  async list<Kind extends WatchedKind>(
    kind: Kind,
    query: { readonly namespace: Namespace; readonly labelSelector?: string },
    signal?: AbortSignal,
  ): Promise<readonly WatchedObjects[Kind][]> {
    const spec = kinds[kind];
    const { objects } = await listPages<WatchedObjects[Kind]>(
      this.#client,
      { resource: spec, schema: spec.schema, most, signal, ...query },
      this.#log,
    );
    return objects.slice(0, most);
  }

  async listCustom(
    what: {
      readonly apiVersion: string;
      readonly resource: string;
      readonly namespace: Namespace;
      readonly labelSelector?: string;
    },
    signal?: AbortSignal,
  ): Promise<readonly CustomObject[] | null> {
    const { apiVersion, resource: name, namespace, labelSelector } = what;
    const [group = '', version = ''] = apiVersion.split('/');
    const resource = { group, version, resource: name, namespaced: true };
    const listing = { resource, schema: customSchema, namespace, labelSelector, most, signal };
    const found = await orNull(listPages(this.#client, listing, this.#log));
    return found === null ? null : found.objects.slice(0, most);
  }

  async nodeUsage(signal?: AbortSignal): Promise<readonly Usage[] | null> {
    return this.#usage({ group: 'metrics.k8s.io', version: 'v1beta1', resource: 'nodes' }, signal);
  }

  async podUsage(namespace: Namespace, signal?: AbortSignal): Promise<readonly Usage[] | null> {
    const target = { group: 'metrics.k8s.io', version: 'v1beta1', resource: 'pods', namespace };
    return this.#usage(target, signal);
  }

  async #usage(target: Target, signal: AbortSignal | undefined): Promise<readonly Usage[] | null> {
    const asked = { method: 'GET', verb: 'list', target, signal } as const;
    return orNull(this.#client.ask(usageListSchema, asked));
  }

  async #get<Value>(
    schema: z.ZodType<Value>,
    target: Target,
    signal: AbortSignal | undefined,
  ): Promise<Value | null> {
    return orNull(this.#client.ask(schema, { method: 'GET', verb: 'get', target, signal }));
  }
}
