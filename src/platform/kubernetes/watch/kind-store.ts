import type { ObjectMeta } from '../objects.ts';

/** A real difference between what was known and what is. */
export type Difference<Kept> =
  | { readonly type: 'added'; readonly object: Kept; readonly before: null }
  | { readonly type: 'changed'; readonly object: Kept; readonly before: Kept }
  | { readonly type: 'removed'; readonly object: Kept; readonly before: Kept };

type Stored = ObjectMeta & { readonly namespace?: string; readonly lastAt?: number };

const keyOf = ({ namespace = '', name }: Pick<Stored, 'name' | 'namespace'>): string =>
  `${namespace}/${name}`;
const ageOf = ({ lastAt, createdAt }: Stored): number => lastAt ?? createdAt;

/**
 * The objects of one kind in memory, at most so many: of more, those whose last news is the oldest
 * are left out.
 */
export class KindStore<Kept extends Stored> {
  readonly #most: number;
  #objects = new Map<string, Kept>();
  #sorted: readonly Kept[] | null = null;
  #isIncomplete = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether objects were left out. */
  get isIncomplete(): boolean {
    return this.#isIncomplete;
  }

  /** By namespace and name. */
  list(): readonly Kept[] {
    this.#sorted ??= [...this.#objects]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
    return this.#sorted;
  }

  /** Takes over one object, as a watch told it. */
  put(object: Kept): readonly Difference<Kept>[] {
    const differences = this.#compare(object);
    if (differences.length === 0) return [];
    this.#sorted = null;
    this.#objects.set(keyOf(object), object);
    return [...differences, ...this.#bound()];
  }

  /** Forgets one object, as a watch told it; another one of that name stays. */
  remove(object: Pick<Stored, 'name' | 'namespace' | 'uid'>): readonly Difference<Kept>[] {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (before?.uid !== object.uid) return [];
    this.#objects.delete(key);
    this.#sorted = null;
    return [{ type: 'removed', object: before, before }];
  }

  /** Takes over a whole list, and tells what really differs. */
  replace(objects: readonly Kept[]): readonly Difference<Kept>[] {
    const kept = this.#newest(objects);
    this.#isIncomplete = kept.length < objects.length;
    const next = new Map(kept.map((object) => [keyOf(object), object]));
    const removed = [...this.#objects]
      .filter(([key]) => !next.has(key))
      .map(([, before]) => ({ type: 'removed', object: before, before }) as const);
    const others = kept.flatMap((object) => this.#compare(object));
    this.#objects = next;
    this.#sorted = null;
    return [...removed, ...others];
  }

  #compare(object: Kept): readonly Difference<Kept>[] {
    const before = this.#objects.get(keyOf(object));
    if (before === undefined) return [{ type: 'added', object, before: null }];
    if (before.uid !== object.uid) {
      return [
        { type: 'removed', object: before, before },
        { type: 'added', object, before: null },
      ];
    }
    if (before.resourceVersion === object.resourceVersion) return [];
    return [{ type: 'changed', object, before }];
  }

  #newest(objects: readonly Kept[]): readonly Kept[] {
    if (objects.length <= this.#most) return objects;
    return [...objects].sort((a, b) => ageOf(b) - ageOf(a)).slice(0, this.#most);
  }

  /** A tenth at a time, so that sorting is rare. */
  #bound(): readonly Difference<Kept>[] {
    if (this.#objects.size <= this.#most) return [];
    this.#isIncomplete = true;
    const oldest = [...this.#objects.values()]
      .sort((a, b) => ageOf(a) - ageOf(b))
      .slice(0, Math.ceil(this.#most / 10));
    for (const each of oldest) this.#objects.delete(keyOf(each));
    return [];
  }
}
