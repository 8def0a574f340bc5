import type {
  Change,
  ClusterView,
  Labels,
  Query,
  Reading,
  WatchedKind,
  WatchedObjects,
  WatchState,
  Workload,
} from '../../src/platform/kubernetes/port.ts';

type Store = { readonly [Kind in WatchedKind]: Map<string, WatchedObjects[Kind]> };
type ChangeOf<Kind extends WatchedKind> = Extract<Change, { readonly kind: Kind }>;

/** Every kind that a watch keeps. */
export const watchedKinds = [
  'Deployment',
  'StatefulSet',
  'Pod',
  'Service',
  'Ingress',
  'PersistentVolumeClaim',
  'Certificate',
  'Node',
  'Event',
] as const satisfies readonly WatchedKind[];

interface Named {
  readonly name: string;
  readonly labels: Labels;
}

const placeOf = (object: Named): string | undefined =>
  'namespace' in object && typeof object.namespace === 'string' ? object.namespace : undefined;

const keyOf = (object: Named): string => `${placeOf(object) ?? ''}/${object.name}`;

function fits(object: Named, query: Query): boolean {
  if (query.name !== undefined && object.name !== query.name) return false;
  if (query.namespace !== undefined && placeOf(object) !== query.namespace) return false;
  return Object.entries(query.labels ?? {}).every(([name, value]) => object.labels[name] === value);
}

/** A {@link ClusterView} that a test fills by hand: changes are told at once, watches never break by themselves. */
export class FakeClusterView implements ClusterView {
  readonly #store: Store = {
    Deployment: new Map(),
    StatefulSet: new Map(),
    Pod: new Map(),
    Service: new Map(),
    Ingress: new Map(),
    PersistentVolumeClaim: new Map(),
    Certificate: new Map(),
    Node: new Map(),
    Event: new Map(),
  };
  readonly #states = new Map<WatchedKind, WatchState>(
    watchedKinds.map((kind) => [kind, { is: 'connected' }]),
  );
  readonly #changeListeners = new Set<(change: Change) => void>();
  readonly #stateListeners = new Set<(kind: WatchedKind, state: WatchState) => void>();
  readonly #unread = new Set<WatchedKind>();
  readonly #now: () => number;
  #asOf: number | null;

  constructor(now: () => number) {
    this.#now = now;
    this.#asOf = now();
  }

  /** Adds the object or puts it in the place of the one with its name. */
  put<Kind extends WatchedKind>(kind: Kind, object: WatchedObjects[Kind]): void {
    const objects: Map<string, WatchedObjects[Kind]> = this.#store[kind];
    const before = objects.get(keyOf(object)) ?? null;
    objects.set(keyOf(object), object);
    const type = before === null ? 'added' : 'changed';
    this.#tell({ kind, type, object, before } as ChangeOf<Kind>);
  }

  remove(kind: WatchedKind, name: string): void {
    const objects = this.#store[kind];
    for (const [key, object] of objects) {
      if (object.name !== name) continue;
      objects.delete(key);
      this.#tell({ kind, type: 'removed', object, before: object } as Change);
    }
  }

  /** Another state of a kind's watch, or of all. Connected watches are as of now. */
  setState(state: WatchState, kinds: readonly WatchedKind[] = watchedKinds): void {
    if (state.is === 'disconnected') this.#asOf = state.since;
    if (state.is === 'starting') kinds.forEach((kind) => this.#unread.add(kind));
    for (const kind of kinds) {
      this.#states.set(kind, state);
      for (const listener of this.#stateListeners) listener(kind, state);
    }
  }

  list<Kind extends WatchedKind>(
    kind: Kind,
    query: Query = {},
  ): Reading<readonly WatchedObjects[Kind][]> {
    const objects: Map<string, WatchedObjects[Kind]> = this.#store[kind];
    const found = [...objects.entries()]
      .filter(([, object]) => fits(object, query))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, object]) => object);
    return this.#reading(kind, found);
  }

  get<Kind extends WatchedKind>(kind: Kind, ref: Query): Reading<WatchedObjects[Kind] | null> {
    const { value, ...rest } = this.list(kind, ref);
    return { ...rest, value: value[0] ?? null };
  }

  workloads(query: Query = {}): Reading<readonly Workload[]> {
    const { value, ...rest } = this.list('Deployment', query);
    return { ...rest, value: [...value, ...this.list('StatefulSet', query).value] };
  }

  states(): ReadonlyMap<WatchedKind, WatchState> {
    return this.#states;
  }

  /** As the real one: not while a kind was never read. */
  settled(signal?: AbortSignal): Promise<void> {
    if (![...this.#states.values()].some(({ is }) => is === 'starting')) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const reason = (): void => {
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      if (signal?.aborted === true) reason();
      signal?.addEventListener('abort', reason, { once: true });
      const stop = this.onState(() => {
        if ([...this.#states.values()].some(({ is }) => is === 'starting')) return;
        stop();
        resolve();
      });
    });
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onState(listener: (kind: WatchedKind, state: WatchState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  until<Value>(look: (view: ClusterView) => Value | null, signal: AbortSignal): Promise<Value> {
    return new Promise((resolve, reject) => {
      const stop = this.onChange(() => {
        attempt();
      });
      const attempt = (): void => {
        const found = look(this);
        if (found === null) return;
        stop();
        resolve(found);
      };
      signal.addEventListener(
        'abort',
        () => {
          stop();
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        },
        { once: true },
      );
      attempt();
    });
  }

  #reading<Value>(kind: WatchedKind, value: Value): Reading<Value> {
    const watch = this.#states.get(kind) ?? { is: 'starting' };
    const connected = watch.is === 'connected';
    const known = this.#unread.has(kind) ? null : this.#asOf;
    const asOf = connected ? this.#now() : known;
    const age = asOf === null ? null : connected ? 0 : this.#now() - asOf;
    return { value, watch, asOf, age, incomplete: false };
  }

  #tell(change: Change): void {
    for (const listener of this.#changeListeners) listener(change);
  }
}
