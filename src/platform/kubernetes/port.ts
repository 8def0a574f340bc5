import type { Duplex } from 'node:stream';
import type { AppError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Secret } from '../../core/secret.ts';
import type { Execution, ExecRequest, ExecResult } from './exec/execution.ts';
import type {
  CustomObject,
  Labels,
  Namespace,
  ObjectRef,
  Usage,
  Volume,
  WatchedKind,
  WatchedObjects,
  Workload,
  WorkloadRef,
} from './objects.ts';

export type * from './objects.ts';
export type { Execution, ExecRequest, ExecResult } from './exec/execution.ts';

/** What is known of a kind's watch. */
export type WatchState =
  /** Every change is heard of as it happens. */
  | { readonly is: 'connected' }
  /** Nothing was read yet: no object is not the same as none. */
  | { readonly is: 'starting' }
  /** The objects are those of `asOf`. */
  | { readonly is: 'disconnected'; readonly since: number; readonly problem: AppError }
  /** Our identity may not read this kind (`E_KUBERNETES_FORBIDDEN`). Asked again every minute. */
  | { readonly is: 'forbidden'; readonly problem: AppError }
  /** The cluster does not know this kind, e.g. cert-manager is not installed. */
  | { readonly is: 'absent' };

/** Something read from the cache, and how old it is. */
export interface Reading<Value> {
  readonly value: Value;
  readonly watch: WatchState;
  /**
   * When the API server last confirmed it, ms since the epoch; null: never. A connected watch
   * confirms about once a minute where nothing changes, so show the age only where it is not
   * connected.
   */
  readonly asOf: number | null;
  /** ms since `asOf`; 0 while the watch is connected; null: never read. */
  readonly age: number | null;
  /** True where the cache's bound was reached and objects were left out (the oldest). */
  readonly incomplete: boolean;
}

/** Which objects of a kind are wanted. All that is given must fit. */
export interface Query {
  readonly namespace?: Namespace;
  readonly name?: string;
  /** Labels that the object must have with these values. */
  readonly labels?: Labels;
}

/** One change that a watch told. A re-list tells only what really changed in between. */
export type Change = {
  readonly [Kind in WatchedKind]: {
    readonly kind: Kind;
    readonly type: 'added' | 'changed' | 'removed';
    readonly object: WatchedObjects[Kind];
    /** As it was before; null where it is new. */
    readonly before: WatchedObjects[Kind] | null;
  };
}[WatchedKind];

/** The cluster as the watches keep it in memory. Reading costs no request. */
export interface ClusterView {
  /** Ordered by namespace and name. */
  list<Kind extends WatchedKind>(
    kind: Kind,
    query?: Query,
  ): Reading<readonly WatchedObjects[Kind][]>;
  /** Null where there is none, or none is known: see `watch`. */
  get<Kind extends WatchedKind>(kind: Kind, ref: Query): Reading<WatchedObjects[Kind] | null>;
  /** Deployments and StatefulSets together; the worse state and the older age of the two. */
  workloads(query?: Query): Reading<readonly Workload[]>;
  /** State of every kind that is watched. */
  states(): ReadonlyMap<WatchedKind, WatchState>;
  /** Resolves once every kind was read, is forbidden, or is absent; then the view can be trusted. */
  settled(signal?: AbortSignal): Promise<void>;
  /** Hears of every change, until the returned function is called. Must not throw. */
  onChange(listener: (change: Change) => void): () => void;
  /** Hears when the state of a kind's watch becomes another. */
  onState(listener: (kind: WatchedKind, state: WatchState) => void): () => void;
  /**
   * Resolves with the first value of `look` that is not null; it looks now and at every change.
   * Rejects with the signal's reason.
   */
  until<Value>(look: (view: ClusterView) => Value | null, signal: AbortSignal): Promise<Value>;
}

/** Which log is read, and how much of it. */
export interface LogRequest extends ObjectRef {
  readonly container: string;
  /** Only lines from then on, ms since the epoch (the API counts in whole seconds). */
  readonly since?: number;
  /** Only so many last lines. */
  readonly tail?: number;
  /** The run before the last restart. */
  readonly previous?: boolean;
  /** Go on with what comes, until `signal`, the container's end, or a cut. */
  readonly follow?: boolean;
  /** Every line starts with its time in RFC 3339 and a blank. */
  readonly timestamps?: boolean;
  /** Ends after so many bytes. */
  readonly limitBytes?: number;
}

/** What a workload's `scale` says. */
export interface Scale {
  readonly wanted: number;
  readonly now: number;
}

/** What is asked of the cluster's authoriser. */
export interface AccessQuestion {
  readonly verb: string;
  /** API group; empty for the core one. */
  readonly group: string;
  /** Plural, lower case: `pods`. */
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: Namespace;
  readonly name?: string;
}

/** Where a port-forward leads. `port`: for a Service its own port, or the port's name. */
export type ForwardTarget =
  | { readonly pod: ObjectRef; readonly port: number }
  | { readonly service: ObjectRef; readonly port: number | string };

/** An object that is applied: all its fields become ours. */
export interface AppliedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: Namespace;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly [field: string]: Json | undefined;
}

/** What a change may be told. */
export interface ChangeOptions {
  /** Ask the API server whether it would do it, and do nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The port to the cluster. Every method may throw `E_KUBERNETES_UNREACHABLE`,
 * `E_KUBERNETES_FORBIDDEN` (names the missing rule and our identity), `E_KUBERNETES_ANSWER`, or the
 * reason of its signal; those that name an object throw `E_KUBERNETES_NOT_FOUND`. Changes throw
 * `E_KUBERNETES_CONFLICT` (names who owns the field), `E_KUBERNETES_POLICY` (names the admission
 * policy that refused it) and `E_KUBERNETES_INVALID` (the API server's words).
 */
export interface Kubernetes {
  /** Release of the chart that we look after. */
  readonly release: string;
  /** Its namespace. */
  readonly namespace: Namespace;
  readonly view: ClusterView;
  /** How many requests went to the API server so far (watches count as one each time they open). */
  readonly requests: number;

  /** Starts a rollout by writing only the template's annotation. Safe to repeat with the same `at`. */
  restart(workload: WorkloadRef, at: number, options?: ChangeOptions): Promise<void>;
  readScale(workload: WorkloadRef, signal?: AbortSignal): Promise<Scale>;
  /** Through the scale subresource only. From then on the number is ours: see `releaseReplicas`. */
  scale(workload: WorkloadRef, replicas: number, options?: ChangeOptions): Promise<void>;
  /**
   * Gives up our ownership of the number of replicas, value untouched, so that the next `helm
   * upgrade` may set it without a conflict (Helm 4 applies server-side).
   */
  releaseReplicas(workload: WorkloadRef, options?: ChangeOptions): Promise<void>;
  /** With `uid` only that very pod; `E_KUBERNETES_CONFLICT` where another one has its name by now. */
  deletePod(pod: ObjectRef & { readonly uid?: string }, options?: ChangeOptions): Promise<void>;
  /**
   * Server-side apply as `urtc`: makes the object, or makes these fields of it ours; what an earlier
   * apply said and this one does not goes away. A field that another manager owns is a conflict;
   * `force` takes it. No command of today needs it (they patch two fields of objects that are
   * Helm's): it is for objects of our own, of which issue #5 wants the cluster to know whose they are.
   */
  apply(
    object: AppliedObject,
    options?: ChangeOptions & { readonly force?: boolean },
  ): Promise<void>;

  /** Raw bytes of a log as they come; what is read slowly is sent slowly. */
  logs(request: LogRequest, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Starts a process in a container; both directions stream. */
  exec(request: ExecRequest, signal?: AbortSignal): Promise<Execution>;
  /** Runs a process to its end and collects what it writes, bounded. */
  run(
    request: ExecRequest & { readonly maxBytes?: number },
    signal?: AbortSignal,
  ): Promise<ExecResult & { readonly stdout: Uint8Array }>;
  /** A connection to a port of a pod, through the API server. */
  dial(target: ForwardTarget, signal?: AbortSignal): Promise<Duplex>;

  /** SelfSubjectAccessReview; needs no right of its own. */
  can(question: AccessQuestion, signal?: AbortSignal): Promise<boolean>;
  /** Who we are to the API server, e.g. `system:serviceaccount:ess:urtc`. */
  identity(signal?: AbortSignal): Promise<string>;
  /** Base URL of the API server, without the last slash. Throws only `E_KUBERNETES_CONFIG`, `E_SECRET_MODE`. */
  url(): Promise<string>;
  /** Version of the API server, e.g. `v1.36.4`. */
  version(signal?: AbortSignal): Promise<string>;

  /** Asked of the API server, not kept. Null where there is none. */
  volume(name: string, signal?: AbortSignal): Promise<Volume | null>;
  /** Values by key; null where there is none. One that is not UTF-8 is left out. */
  secret(ref: ObjectRef, signal?: AbortSignal): Promise<ReadonlyMap<string, Secret<string>> | null>;
  /** Values by key; null where there is none. */
  configMap(ref: ObjectRef, signal?: AbortSignal): Promise<ReadonlyMap<string, string> | null>;
  /**
   * Objects of a kind that is watched, whole and as they are now, for who passes them on: what may be
   * secret in them (environment, annotations, arguments) is still there.
   */
  manifests(
    kind: WatchedKind,
    namespace: Namespace,
    signal?: AbortSignal,
  ): AsyncIterable<JsonObject>;
  /**
   * Objects of any kind that is watched, in a namespace that is not, e.g. Services of kube-system.
   * At most 2000.
   */
  listLive<Kind extends WatchedKind>(
    kind: Kind,
    query: { readonly namespace: Namespace; readonly labelSelector?: string },
    signal?: AbortSignal,
  ): Promise<readonly WatchedObjects[Kind][]>;
  /** Custom objects, e.g. `cert-manager.io/v1`, `certificaterequests`; null where not installed. */
  listCustom(
    what: {
      readonly apiVersion: string;
      readonly resource: string;
      readonly namespace: Namespace;
      readonly labelSelector?: string;
    },
    signal?: AbortSignal,
  ): Promise<readonly CustomObject[] | null>;
  /** Null where the cluster has no metrics API. */
  nodeUsage(signal?: AbortSignal): Promise<readonly Usage[] | null>;
  /** Null where the cluster has no metrics API. */
  podUsage(namespace: Namespace, signal?: AbortSignal): Promise<readonly Usage[] | null>;

  /** Ends every watch and connection. */
  close(): Promise<void>;
}
