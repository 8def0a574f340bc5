import type { Clock } from '../../clock.ts';
import { abortReason } from '../abort-reason.ts';
import { kinds, watchedKinds } from '../kinds/index.ts';
import type { Namespace, ObjectMeta, WatchedKind, WatchedObjects, Workload } from '../objects.ts';
import type { Change, ClusterView, Query, Reading, WatchState } from '../port.ts';
import type { Difference } from './kind-store.ts';
import { KindWatch, type WatchParts } from './kind-watch.ts';

type Watches = { readonly [Kind in WatchedKind]: KindWatch<WatchedObjects[Kind]> };

/** What a {@link WatchedView} watches. */
export interface ViewOptions {
  readonly namespace: Namespace;
  /** Only objects with these labels, by kind (Kubernetes API concepts, "Label selectors"). */
  readonly labelSelectors?: Readonly<Partial<Record<WatchedKind, string>>>;
}

function fits(object: ObjectMeta & { readonly namespace?: Namespace }, query: Query): boolean {
  const { namespace, name, labels } = query;
  if (name !== undefined && object.name !== name) return false;
  if (namespace !== undefined && object.namespace !== namespace) return false;
  return Object.entries(labels ?? {}).every(([key, value]) => object.labels[key] === value);
}

/** The worse comes later. */
const byBadness: readonly WatchState['is'][] = [
  'connected',
  'absent',
  'starting',
  'disconnected',
  'forbidden',
];

function worse(a: WatchState, b: WatchState): WatchState {
  return byBadness.indexOf(a.is) >= byBadness.indexOf(b.is) ? a : b;
}

/** Every watched kind of one namespace, and the nodes, as one {@link ClusterView}. */
export class WatchedView implements ClusterView {
  readonly #clock: Clock;
  readonly #watches: Watches;
  readonly #onChange = new Set<(change: Change) => void>();
  readonly #onState = new Set<(kind: WatchedKind, state: WatchState) => void>();

  constructor(parts: WatchParts, { namespace, labelSelectors = {} }: ViewOptions) {
    this.#clock = parts.clock;
    const watch = <Kind extends WatchedKind>(
      kind: Kind,
      toChange: (difference: Difference<WatchedObjects[Kind]>) => Change,
    ): KindWatch<WatchedObjects[Kind]> => {
      const spec = kinds[kind];
      return new KindWatch<WatchedObjects[Kind]>(parts, {
        spec,
        namespace: spec.namespaced ? namespace : undefined,
        labelSelector: labelSelectors[kind],
        onDifference: (difference) => {
          const change = toChange(difference);
          for (const listener of this.#onChange) listener(change);
        },
        onState: (state) => {
          for (const listener of this.#onState) listener(kind, state);
        },
      });
    };
    this.#watches = {
      Deployment: watch('Deployment', (each) => ({ kind: 'Deployment', ...each })),
      StatefulSet: watch('StatefulSet', (each) => ({ kind: 'StatefulSet', ...each })),
      Pod: watch('Pod', (each) => ({ kind: 'Pod', ...each })),
      Service: watch('Service', (each) => ({ kind: 'Service', ...each })),
      Ingress: watch('Ingress', (each) => ({ kind: 'Ingress', ...each })),
      PersistentVolumeClaim: watch('PersistentVolumeClaim', (each) => ({
        kind: 'PersistentVolumeClaim',
        ...each,
      })),
      Certificate: watch('Certificate', (each) => ({ kind: 'Certificate', ...each })),
      Node: watch('Node', (each) => ({ kind: 'Node', ...each })),
      Event: watch('Event', (each) => ({ kind: 'Event', ...each })),
    };
  }

  /** Follows the cluster until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(watchedKinds.map((kind) => this.#watches[kind].run(signal)));
  }

  list<Kind extends WatchedKind>(
    kind: Kind,
    query: Query = {},
  ): Reading<readonly WatchedObjects[Kind][]> {
    const watch: KindWatch<WatchedObjects[Kind]> = this.#watches[kind];
    const all: readonly WatchedObjects[Kind][] = watch.store.list();
    return this.#reading(
      watch,
      all.filter((object) => fits(object, query)),
    );
  }

  get<Kind extends WatchedKind>(kind: Kind, ref: Query): Reading<WatchedObjects[Kind] | null> {
    const all = this.list(kind, ref);
    return { ...all, value: all.value[0] ?? null };
  }

  workloads(query: Query = {}): Reading<readonly Workload[]> {
    const deployments = this.list('Deployment', query);
    const sets = this.list('StatefulSet', query);
    const asOf =
      deployments.asOf === null || sets.asOf === null
        ? null
        : Math.min(deployments.asOf, sets.asOf);
    const age =
      deployments.age === null || sets.age === null ? null : Math.max(deployments.age, sets.age);
    return {
      value: [...deployments.value, ...sets.value],
      watch: worse(deployments.watch, sets.watch),
      ...{ asOf, age, incomplete: deployments.incomplete || sets.incomplete },
    };
  }

  states(): ReadonlyMap<WatchedKind, WatchState> {
    return new Map(watchedKinds.map((kind) => [kind, this.#watches[kind].state]));
  }

  async settled(signal?: AbortSignal): Promise<void> {
    const isSettled = () =>
      watchedKinds.every((kind) => {
        const { state, asOf } = this.#watches[kind];
        return asOf !== null || state.is === 'forbidden' || state.is === 'absent';
      });
    await this.until(() => (isSettled() ? true : null), signal ?? new AbortController().signal);
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#onChange.add(listener);
    return () => void this.#onChange.delete(listener);
  }

  onState(listener: (kind: WatchedKind, state: WatchState) => void): () => void {
    this.#onState.add(listener);
    return () => void this.#onState.delete(listener);
  }

  until<Value>(look: (view: ClusterView) => Value | null, signal: AbortSignal): Promise<Value> {
    return new Promise((resolve, reject) => {
      const ends: (() => void)[] = [];
      const end = () => {
        for (const each of ends) each();
      };
      const stop = () => {
        end();
        reject(abortReason(signal));
      };
      const check = () => {
        try {
          const value = look(this);
          if (value === null) return;
          end();
          resolve(value);
        } catch (error) {
          end();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      ends.push(
        () => signal.removeEventListener('abort', stop),
        this.onChange(check),
        this.onState(check),
      );
      check();
    });
  }

  #reading<Kept extends ObjectMeta, Value>(watch: KindWatch<Kept>, value: Value): Reading<Value> {
    const { state, asOf, store } = watch;
    const elapsed = asOf === null ? null : Math.max(0, this.#clock.now() - asOf);
    return {
      ...{ value, watch: state, asOf, incomplete: store.isIncomplete },
      age: state.is === 'connected' ? 0 : elapsed,
    };
  }
}
