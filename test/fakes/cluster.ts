import type { Duplex } from 'node:stream';
import { AppError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Secret } from '../../src/core/secret.ts';
import { parseNamespace } from '../../src/platform/kubernetes/namespace.ts';
import type {
  AccessQuestion,
  AppliedObject,
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
} from '../../src/platform/kubernetes/port.ts';
import { FakeClusterView } from './cluster-view.ts';

/** One call of a method that asks or changes the API server. */
export interface FakeCall {
  readonly method: string;
  readonly what: unknown;
  readonly dryRun?: boolean;
}

/** What a fake cluster starts with. */
export interface FakeClusterOptions {
  readonly release?: string;
  readonly namespace?: string;
  /** Default: 2026-11-22T12:00:00Z, and it stands still until a test moves it. */
  readonly now?: () => number;
}

/** Where fake clusters stand in time. */
export const fakeNow = Date.UTC(2026, 10, 22, 12);

/**
 * The port to a cluster in memory: objects are put into `view` by hand, each call is written down in
 * `calls`, and `fail` makes a method throw. It does nothing by itself: no controller, no kubelet.
 */
export class FakeCluster implements Kubernetes {
  readonly release: string;
  readonly namespace: Namespace;
  readonly view: FakeClusterView;
  readonly calls: FakeCall[] = [];
  /** What the next calls of a method throw. */
  readonly failures = new Map<string, Error>();
  /** Logs by `pod/container`, the ones of the run before by `pod/container/previous`. */
  readonly texts = new Map<string, string>();
  readonly volumes = new Map<string, Volume>();
  readonly secrets = new Map<string, ReadonlyMap<string, Secret<string>>>();
  readonly configMaps = new Map<string, ReadonlyMap<string, string>>();
  /** Custom objects by `apiVersion/resource`; a kind that is not here is not installed. */
  readonly custom = new Map<string, readonly CustomObject[]>();
  /** Objects of namespaces that no watch looks at, by `namespace/Kind`. */
  readonly elsewhere = new Map<string, readonly unknown[]>();
  /** Whole objects by kind, for `manifests`. */
  readonly whole = new Map<WatchedKind, readonly JsonObject[]>();
  nodeMetrics: readonly Usage[] | null = null;
  podMetrics: readonly Usage[] | null = null;
  /** What a test lets happen when a workload is restarted. */
  onRestart: (workload: WorkloadRef) => void = () => undefined;
  /** What a test lets happen when a workload is scaled. */
  onScale: (workload: WorkloadRef, replicas: number) => void = () => undefined;
  /** What a test answers to a program that is run. */
  onRun: (request: ExecRequest) => ExecResult & { readonly stdout: Uint8Array } = () => ({
    exitCode: 0,
    stderr: '',
    stdout: new Uint8Array(),
  });
  /** What is behind a port. */
  onDial: (target: ForwardTarget) => Promise<Duplex> = () =>
    Promise.reject(new AppError('E_KUBERNETES_FORBIDDEN', { verb: 'create' }));
  /** A log that a test writes itself; null: `texts`. */
  onLogs: ((request: LogRequest, signal?: AbortSignal) => AsyncIterable<Uint8Array>) | null = null;
  allows: (question: AccessQuestion) => boolean = () => true;

  constructor({
    release = 'ess',
    namespace = 'ess',
    now = () => fakeNow,
  }: FakeClusterOptions = {}) {
    this.release = release;
    this.namespace = parseNamespace(namespace);
    this.view = new FakeClusterView(now);
  }

  get requests(): number {
    return this.calls.length;
  }

  /** Objects in a namespace that no watch looks at, for `listLive`. */
  putElsewhere<Kind extends WatchedKind>(
    kind: Kind,
    namespace: string,
    objects: readonly WatchedObjects[Kind][],
  ): void {
    this.elsewhere.set(`${namespace}/${kind}`, objects);
  }

  restart(
    workload: WorkloadRef,
    at: number,
    options: { readonly dryRun?: boolean } = {},
  ): Promise<void> {
    return this.#change('restart', { ...refOf(workload), at }, options, () => {
      this.onRestart(workload);
    });
  }

  readScale(workload: WorkloadRef): Promise<Scale> {
    return this.#call('readScale', refOf(workload), () => {
      const found = this.#workload(workload);
      return { wanted: found.wanted, now: found.ready };
    });
  }

  scale(
    workload: WorkloadRef,
    replicas: number,
    options: { readonly dryRun?: boolean } = {},
  ): Promise<void> {
    return this.#change('scale', { ...refOf(workload), replicas }, options, () => {
      const found = this.#workload(workload);
      this.view.put(found.kind, { ...found, wanted: replicas });
      this.onScale(workload, replicas);
    });
  }

  releaseReplicas(
    workload: WorkloadRef,
    options: { readonly dryRun?: boolean } = {},
  ): Promise<void> {
    return this.#change('releaseReplicas', refOf(workload), options, () => undefined);
  }

  deletePod(
    pod: ObjectRef & { readonly uid?: string },
    options: { readonly dryRun?: boolean } = {},
  ): Promise<void> {
    return this.#change('deletePod', pod, options, () => {
      this.view.remove('Pod', pod.name);
    });
  }

  apply(
    object: AppliedObject,
    options: { readonly dryRun?: boolean; readonly force?: boolean } = {},
  ): Promise<void> {
    return this.#change('apply', object, options, () => undefined);
  }

  async *logs(request: LogRequest, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    if (this.onLogs !== null) {
      yield* this.onLogs(request, signal);
      return;
    }
    const previous = request.previous === true ? '/previous' : '';
    const key = `${request.name}/${request.container}${previous}`;
    const text = await this.#call('logs', request, () => this.texts.get(key) ?? '');
    const lines = text.split(/(?<=\n)/);
    const wanted = request.tail === undefined ? lines : lines.slice(-request.tail);
    for (const line of wanted) yield Buffer.from(line);
  }

  exec(request: ExecRequest): Promise<Execution> {
    return this.#call('exec', request, () => {
      const { stdout, ...result } = this.onRun(request);
      return { stdout: chunks(stdout), result: Promise.resolve(result) };
    });
  }

  run(
    request: ExecRequest & { readonly maxBytes?: number },
  ): Promise<ExecResult & { readonly stdout: Uint8Array }> {
    return this.#call('run', request, () => this.onRun(request));
  }

  async dial(target: ForwardTarget): Promise<Duplex> {
    await this.#call('dial', target, () => undefined);
    return this.onDial(target);
  }

  can(question: AccessQuestion): Promise<boolean> {
    return this.#call('can', question, () => this.allows(question));
  }

  identity(): Promise<string> {
    return this.#call('identity', null, () => 'system:serviceaccount:urtc:urtc-bot');
  }

  url(): Promise<string> {
    return Promise.resolve('https://127.0.0.1:6443');
  }

  version(): Promise<string> {
    return this.#call('version', null, () => 'v1.36.4+k3s1');
  }

  volume(name: string): Promise<Volume | null> {
    return this.#call('volume', name, () => this.volumes.get(name) ?? null);
  }

  secret(ref: ObjectRef): Promise<ReadonlyMap<string, Secret<string>> | null> {
    return this.#call('secret', ref, () => this.secrets.get(ref.name) ?? null);
  }

  configMap(ref: ObjectRef): Promise<ReadonlyMap<string, string> | null> {
    return this.#call('configMap', ref, () => this.configMaps.get(ref.name) ?? null);
  }

  async *manifests(kind: WatchedKind, namespace: Namespace): AsyncIterable<JsonObject> {
    yield* await this.#call('manifests', { kind, namespace }, () => this.whole.get(kind) ?? []);
  }

  listLive<Kind extends WatchedKind>(
    kind: Kind,
    query: { readonly namespace: Namespace; readonly labelSelector?: string },
  ): Promise<readonly WatchedObjects[Kind][]> {
    return this.#call('listLive', { kind, ...query }, () => {
      const found = this.elsewhere.get(`${query.namespace}/${kind}`) ?? [];
      // Put there by `putElsewhere` under its own kind.
      return found as readonly WatchedObjects[Kind][];
    });
  }

  listCustom(what: {
    readonly apiVersion: string;
    readonly resource: string;
    readonly namespace: Namespace;
    readonly labelSelector?: string;
  }): Promise<readonly CustomObject[] | null> {
    const key = `${what.apiVersion}/${what.resource}`;
    return this.#call('listCustom', what, () => this.custom.get(key) ?? null);
  }

  nodeUsage(): Promise<readonly Usage[] | null> {
    return this.#call('nodeUsage', null, () => this.nodeMetrics);
  }

  podUsage(namespace: Namespace): Promise<readonly Usage[] | null> {
    return this.#call('podUsage', namespace, () => this.podMetrics);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #workload(ref: WorkloadRef) {
    const { value } = this.view.get(ref.kind, { namespace: ref.namespace, name: ref.name });
    if (value !== null) return value;
    throw new AppError('E_KUBERNETES_NOT_FOUND', { what: `${ref.kind} ${ref.name}`, place: '' });
  }

  #change(
    method: string,
    what: unknown,
    { dryRun = false }: { readonly dryRun?: boolean },
    act: () => void,
  ): Promise<void> {
    return this.#call(method, what, dryRun ? () => undefined : act, dryRun);
  }

  /** Writes the call down, throws what a test wants thrown, and answers. */
  async #call<Answer>(
    method: string,
    what: unknown,
    answer: () => Answer,
    dryRun = false,
  ): Promise<Answer> {
    this.calls.push({ method, what, ...(dryRun ? { dryRun } : {}) });
    const failure = this.failures.get(method);
    if (failure !== undefined) throw failure;
    await Promise.resolve();
    return answer();
  }
}

function refOf({ kind, namespace, name }: WorkloadRef): WorkloadRef {
  return { kind, namespace, name };
}

async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}
