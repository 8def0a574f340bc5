import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { JsonObject } from '../../core/json.ts';
import type { Log } from '../../core/log.ts';
import type { Secret } from '../../core/secret.ts';
import type { Clock } from '../clock.ts';
import type { ClusterAccess } from './access/cluster-access.ts';
import { Changes } from './changes.ts';
import { collect } from './exec/collect.ts';
import { startExec } from './exec/exec.ts';
import { dialPod } from './forward/dial.ts';
import { resolveTarget, type Lookup } from './forward/resolve-target.ts';
import { ApiClient } from './http/api-client.ts';
import { describeAccess, whoAmI } from './identity.ts';
import { LiveReads } from './live.ts';
import { readLogs } from './logs.ts';
import { readManifests } from './manifests.ts';
import type {
  AccessQuestion,
  AppliedObject,
  ChangeOptions,
  ClusterView,
  CustomObject,
  Execution,
  ExecRequest,
  ExecResult,
  ForwardTarget,
  Kubernetes,
  LogRequest,
  Namespace,
  ObjectRef,
  Scale,
  Usage,
  Volume,
  WatchedKind,
  WatchedObjects,
  WorkloadRef,
} from './port.ts';
import { WatchedView, type ViewOptions } from './watch/view.ts';
import { Waking } from './watch/waking.ts';

/** What a cluster is made of. */
export interface ClusterOptions extends ViewOptions {
  readonly release: string;
  readonly access: ClusterAccess;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1); for jitter. */
  readonly random?: () => number;
  /** A watch that says nothing for so long is opened again, ms. */
  readonly silenceMs?: number;
}

/** Bookmarks come about once a minute; a watch that missed two is dead. */
const defaultSilenceMs = 150_000;

/** Most that {@link Kubernetes.run} collects, bytes, where its caller sets no limit. */
const defaultRunBytes = 1024 * 1024;

const versionSchema = z.object({ gitVersion: z.string() });

/**
 * {@link Kubernetes} over HTTP. Nothing is asked before it is used: watches begin when somebody first
 * looks at `view`.
 */
export class Cluster implements Kubernetes {
  readonly release: string;
  readonly namespace: Namespace;
  readonly #view: WatchedView;
  readonly #log: Log;
  readonly #access: ClusterAccess;
  readonly #client: ApiClient;
  readonly #changes: Changes;
  readonly #live: LiveReads;
  readonly #stop = new AbortController();
  #watching: Promise<void> | null = null;

  constructor(options: ClusterOptions) {
    const { access, clock, log, namespace, random = Math.random } = options;
    const { silenceMs = defaultSilenceMs } = options;
    this.release = options.release;
    this.namespace = namespace;
    this.#access = access;
    this.#client = new ApiClient({ access });
    this.#changes = new Changes(this.#client);
    this.#live = new LiveReads(this.#client, log);
    const waking = new Waking(clock);
    const parts = { client: this.#client, clock, log, waking, random, silenceMs };
    this.#view = new WatchedView(parts, options);
    this.#log = log;
  }

  get view(): ClusterView {
    this.#watching ??= this.#view.run(this.#stop.signal).catch((error: unknown) => {
      this.#log.error({ err: error }, 'the watches of the cluster have ended');
    });
    return this.#view;
  }

  get requests(): number {
    return this.#client.requests;
  }

  restart(workload: WorkloadRef, at: number, options?: ChangeOptions): Promise<void> {
    return this.#changes.restart(workload, at, options);
  }

  readScale(workload: WorkloadRef, signal?: AbortSignal): Promise<Scale> {
    return this.#changes.readScale(workload, signal);
  }

  scale(workload: WorkloadRef, replicas: number, options?: ChangeOptions): Promise<void> {
    return this.#changes.scale(workload, replicas, options);
  }

  releaseReplicas(workload: WorkloadRef, options?: ChangeOptions): Promise<void> {
    return this.#changes.releaseReplicas(workload, options);
  }

  deletePod(pod: ObjectRef & { readonly uid?: string }, options?: ChangeOptions): Promise<void> {
    return this.#changes.deletePod(pod, options);
  }

  apply(
    object: AppliedObject,
    options?: ChangeOptions & { readonly force?: boolean },
  ): Promise<void> {
    return this.#changes.apply(object, options);
  }

  logs(request: LogRequest, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return readLogs(this.#client, request, signal);
  }

  exec(request: ExecRequest, signal?: AbortSignal): Promise<Execution> {
    return startExec(this.#client, request, signal);
  }

  async run(
    request: ExecRequest & { readonly maxBytes?: number },
    signal?: AbortSignal,
  ): Promise<ExecResult & { readonly stdout: Uint8Array }> {
    const { maxBytes = defaultRunBytes } = request;
    return collect(await startExec(this.#client, request, signal), maxBytes);
  }

  async dial(target: ForwardTarget, signal?: AbortSignal): Promise<Duplex> {
    const podPort = await resolveTarget(target, this.#lookup(signal));
    return dialPod(this.#client, podPort, signal);
  }

  can(question: AccessQuestion, signal?: AbortSignal): Promise<boolean> {
    return describeAccess(this.#client, question, signal);
  }

  identity(signal?: AbortSignal): Promise<string> {
    return whoAmI(this.#client, signal);
  }

  async url(): Promise<string> {
    return (await this.#client.connection()).url;
  }

  async version(signal?: AbortSignal): Promise<string> {
    const { gitVersion } = await this.#client.ask(versionSchema, {
      method: 'GET',
      verb: 'get',
      target: { group: '', version: '', resource: 'version' },
      signal,
    });
    return gitVersion;
  }

  volume(name: string, signal?: AbortSignal): Promise<Volume | null> {
    return this.#live.volume(name, signal);
  }

  secret(
    ref: ObjectRef,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Secret<string>> | null> {
    return this.#live.secret(ref, signal);
  }

  configMap(ref: ObjectRef, signal?: AbortSignal): Promise<ReadonlyMap<string, string> | null> {
    return this.#live.configMap(ref, signal);
  }

  manifests(
    kind: WatchedKind,
    namespace: Namespace,
    signal?: AbortSignal,
  ): AsyncIterable<JsonObject> {
    return readManifests(this.#client, kind, namespace, signal);
  }

  listLive<Kind extends WatchedKind>(
    kind: Kind,
    query: { readonly namespace: Namespace; readonly labelSelector?: string },
    signal?: AbortSignal,
  ): Promise<readonly WatchedObjects[Kind][]> {
    return this.#live.list(kind, query, signal);
  }

  listCustom(
    what: Parameters<Kubernetes['listCustom']>[0],
    signal?: AbortSignal,
  ): Promise<readonly CustomObject[] | null> {
    return this.#live.listCustom(what, signal);
  }

  nodeUsage(signal?: AbortSignal): Promise<readonly Usage[] | null> {
    return this.#live.nodeUsage(signal);
  }

  podUsage(namespace: Namespace, signal?: AbortSignal): Promise<readonly Usage[] | null> {
    return this.#live.podUsage(namespace, signal);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    this.#access.close();
  }

  /** From memory where we watch, else from the API server. */
  #lookup(signal: AbortSignal | undefined): Lookup {
    return {
      service: async ({ namespace, name }) => {
        if (namespace === this.namespace)
          return this.view.get('Service', { namespace, name }).value;
        const all = await this.#live.list('Service', { namespace }, signal);
        return all.find((each) => each.name === name) ?? null;
      },
      pods: async ({ namespace, selector: labels }) => {
        if (Object.keys(labels).length === 0) return [];
        if (namespace === this.namespace) return this.view.list('Pod', { namespace, labels }).value;
        const parts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
        return this.#live.list('Pod', { namespace, labelSelector: parts.join(',') }, signal);
      },
    };
  }
}
