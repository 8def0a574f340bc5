/**
 * The part of IndexedDB that is used here (https://w3c.github.io/IndexedDB/). The types that
 * fake-indexeddb comes with stand on the types of a browser's page, which this program has not.
 */
declare module 'fake-indexeddb' {
  /** What can be a key. */
  export type ValidKey = number | string | Date | ArrayBuffer | ArrayBufferView | ValidKey[];
  /** Where a store or an index finds the key in a value. */
  export type KeyPath = string | string[];
  type Mode = 'readonly' | 'readwrite' | 'versionchange';
  type Direction = 'next' | 'nextunique' | 'prev' | 'prevunique';

  /** What listeners are given. */
  export interface IDBEvent {
    readonly type: string;
    stopImmediatePropagation(): void;
    preventDefault(): void;
  }

  class Target {
    addEventListener(type: string, listener: (event: IDBEvent) => void): void;
  }

  /** A request; its `result` is there when it has succeeded. */
  export interface IDBRequest<Result = unknown> extends Target {
    readonly result: Result;
    readonly error: DOMException | null | undefined;
    readonly transaction: IDBTransaction | null;
  }
  export const IDBRequest: new () => IDBRequest;

  /** A request to open a database. */
  export interface IDBOpenDBRequest extends IDBRequest<IDBDatabase> {
    readonly source: null;
  }
  export const IDBOpenDBRequest: new () => IDBOpenDBRequest;

  export class IDBFactory {
    cmp(one: ValidKey, other: ValidKey): -1 | 0 | 1;
    open(name: string, version?: number): IDBOpenDBRequest;
    deleteDatabase(name: string): IDBRequest<undefined>;
    databases(): Promise<{ readonly name: string; readonly version: number }[]>;
  }

  export class IDBDatabase extends Target {
    readonly name: string;
    readonly version: number;
    readonly objectStoreNames: Iterable<string>;
    transaction(stores: string | string[], mode?: Mode, options?: object): IDBTransaction;
    createObjectStore(
      name: string,
      options?: { readonly keyPath?: KeyPath | null; readonly autoIncrement?: boolean },
    ): IDBObjectStore;
    deleteObjectStore(name: string): void;
    close(): void;
  }

  export class IDBTransaction extends Target {
    readonly mode: Mode;
    readonly error: DOMException | null;
    oncomplete: ((event: IDBEvent) => void) | null;
    objectStore(name: string): IDBObjectStore;
    commit(): void;
    abort(): void;
  }

  class Source {
    readonly keyPath: KeyPath | null;
    openCursor(
      query?: ValidKey | IDBKeyRange | null,
      direction?: Direction,
    ): IDBRequest<IDBCursorWithValue | null>;
    getAllKeys(query?: ValidKey | IDBKeyRange | null): IDBRequest<ValidKey[]>;
    getAll(query?: ValidKey | IDBKeyRange | null): IDBRequest<unknown[]>;
    get(query: ValidKey | IDBKeyRange): IDBRequest;
    count(): IDBRequest<number>;
  }

  export class IDBObjectStore extends Source {
    readonly name: string;
    readonly indexNames: Iterable<string>;
    put(value: unknown, key?: ValidKey): IDBRequest<ValidKey>;
    add(value: unknown, key?: ValidKey): IDBRequest<ValidKey>;
    delete(query: ValidKey | IDBKeyRange): IDBRequest<undefined>;
    clear(): IDBRequest<undefined>;
    index(name: string): IDBIndex;
    createIndex(
      name: string,
      keyPath: KeyPath,
      options?: { readonly unique?: boolean; readonly multiEntry?: boolean },
    ): IDBIndex;
    deleteIndex(name: string): void;
  }

  export class IDBIndex extends Source {
    readonly name: string;
    readonly unique: boolean;
    readonly multiEntry: boolean;
  }

  export class IDBCursor {
    readonly primaryKey: ValidKey;
    continue(): void;
    update(value: unknown): IDBRequest<ValidKey>;
    delete(): IDBRequest<undefined>;
  }

  export class IDBCursorWithValue extends IDBCursor {
    readonly value: unknown;
  }

  export class IDBKeyRange {
    readonly lower: ValidKey | undefined;
    readonly upper: ValidKey | undefined;
    static bound(lower: ValidKey, upper: ValidKey): IDBKeyRange;
  }

  export class IDBVersionChangeEvent {
    readonly oldVersion: number;
    readonly newVersion: number | null;
  }
}
