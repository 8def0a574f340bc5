import type { KeyPath } from 'fake-indexeddb';

/** An index of a store. */
export interface IndexShape {
  readonly name: string;
  readonly keyPath: KeyPath;
  readonly unique: boolean;
  readonly multiEntry: boolean;
}

/** What a transaction has changed. Keys are {@link keyText}s, values bytes. */
export type Change = { readonly store: string } & (
  | { readonly kind: 'create-store'; readonly keyPath: KeyPath | null }
  | { readonly kind: 'delete-store' }
  | { readonly kind: 'create-index'; readonly index: IndexShape }
  | { readonly kind: 'delete-index'; readonly index: string }
  | { readonly kind: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly keys: readonly string[] }
  | { readonly kind: 'clear' }
);

/**
 * The changes of one transaction, in the order in which they were asked for: that is the order in
 * which they are carried out, also where a store is deleted before a write to it is reported.
 */
export class ChangeList {
  readonly #places: { change: Change | null }[] = [];

  /** Takes the next place, to be filled when the change was carried out; one that fails stays empty. */
  expect(): (change: Change) => void {
    const place: { change: Change | null } = { change: null };
    this.#places.push(place);
    return (change) => {
      place.change = change;
    };
  }

  /** What was carried out. */
  done(): Change[] {
    return this.#places.flatMap(({ change }) => (change === null ? [] : [change]));
  }
}
