import * as fc from 'fast-check';
import {
  IDBKeyRange,
  type IDBDatabase,
  type IDBFactory,
  type IDBObjectStore,
  type IDBTransaction,
  type ValidKey,
} from 'fake-indexeddb';
import { endOf, openDatabase } from './idb.ts';

/** One thing that is done to a database, chosen at random. Names that are not there do nothing. */
export type Step =
  | { kind: 'write'; database: string; stores: string[]; writes: Write[]; end: End }
  | { kind: 'upgrade'; database: string; changes: (Write | Schema)[]; end: End }
  | { kind: 'delete-database'; database: string }
  | { kind: 'restart' };

type End = 'commit' | 'abort';
type Write = { store: string } & (
  | { kind: 'put' | 'add'; key: ValidKey; value: Value }
  | { kind: 'delete'; key: ValidKey }
  | { kind: 'delete-range'; low: number; high: number }
  | { kind: 'clear' }
  | { kind: 'cursor-update'; tag: string; through: string | null }
  | { kind: 'cursor-delete'; through: string | null }
);
type Schema = { store: string } & (
  | { kind: 'create-store'; keyPath: string | null }
  | { kind: 'delete-store' }
  | { kind: 'create-index'; index: string; unique: boolean; multiEntry: boolean }
  | { kind: 'delete-index'; index: string }
);
interface Value {
  tag: unknown;
  extra: unknown;
}

const name = fc.constantFrom('a', 'b', 'c');
const index = fc.constantFrom('i', 'j');
const database = fc.constantFrom('x', 'y');
const end = fc.constantFrom<End[]>('commit', 'commit', 'commit', 'abort');
const key: fc.Arbitrary<ValidKey> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 9 }) },
  fc.constantFrom<ValidKey[]>('', 'é', '\ud800', '1', Infinity, -Infinity, 1.5, 2 ** 53),
  fc.constantFrom<ValidKey[]>(new Date(0), [1, ['a']], [], new Uint8Array([1, 2]), ['1']),
);
const tag = fc.oneof(fc.constantFrom('p', 'q'), fc.constant(['p', 'q', 1]), fc.constant(null));
const extra = fc.oneof(
  fc.constant(new Uint8Array(new Uint8Array([9, 1, 2, 9]).buffer, 1, 2)),
  fc.constant(new Map([[{ a: 1 }, new Set([undefined, 1n])]])),
  fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }),
);
const through = fc.option(index);
const write: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ store: name, kind: fc.constantFrom('put' as const, 'put' as const, 'add' as const) },
      ...{ key, value: fc.record({ tag, extra }) },
    }),
  },
  fc.record({ store: name, kind: fc.constant('delete' as const), key }),
  fc.record({
    ...{ store: name, kind: fc.constant('delete-range' as const) },
    ...{ low: fc.integer({ min: 0, max: 4 }), high: fc.integer({ min: 4, max: 9 }) },
  }),
  fc.record({ store: name, kind: fc.constant('clear' as const) }),
  fc.record({
    ...{ store: name, kind: fc.constant('cursor-update' as const) },
    ...{ tag: fc.constantFrom('r', 's'), through },
  }),
  fc.record({ store: name, kind: fc.constant('cursor-delete' as const), through }),
);
const schema: fc.Arbitrary<Schema> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ store: name, kind: fc.constant('create-store' as const) },
      keyPath: fc.constantFrom(null, 'id'),
    }),
  },
  fc.record({ store: name, kind: fc.constant('delete-store' as const) }),
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ store: name, kind: fc.constant('create-index' as const), index },
      ...{ unique: fc.boolean(), multiEntry: fc.boolean() },
    }),
  },
  fc.record({ store: name, kind: fc.constant('delete-index' as const), index }),
);

/** A story of a factory, from its beginning. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        ...{ kind: fc.constant('write' as const), database, end },
        stores: fc.uniqueArray(name, { minLength: 1 }),
        writes: fc.array(write, { maxLength: 8 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        ...{ kind: fc.constant('upgrade' as const), database, end },
        changes: fc.array(fc.oneof(schema, schema, write), { maxLength: 8 }),
      }),
    },
    fc.record({ kind: fc.constant('delete-database' as const), database }),
    fc.record({ kind: fc.constant('restart' as const) }),
  ),
  { minLength: 4, maxLength: 20 },
);

const isSchema = (change: Write | Schema): change is Schema =>
  ['create-store', 'delete-store', 'create-index', 'delete-index'].includes(change.kind);

const cursorOf = (store: IDBObjectStore, through: string | null) =>
  through !== null && [...store.indexNames].includes(through)
    ? store.index(through).openCursor()
    : store.openCursor();

const carryOutWrite = (transaction: IDBTransaction, asked: Write): void => {
  const store = transaction.objectStore(asked.store);
  switch (asked.kind) {
    case 'put':
    case 'add': {
      const value = { id: asked.key, ...structuredClone(asked.value) };
      const request = store[asked.kind](value, store.keyPath === null ? asked.key : undefined);
      // Whoever puts may change the value afterwards; and an `add` that failed ends nothing.
      value.tag = 'changed afterwards';
      request.addEventListener('error', (event) => event.preventDefault());
      return;
    }
    case 'delete':
      store.delete(asked.key);
      return;
    case 'delete-range':
      store.delete(IDBKeyRange.bound(asked.low, asked.high));
      return;
    case 'clear':
      store.clear();
      return;
    case 'cursor-update':
    case 'cursor-delete': {
      const request = cursorOf(store, asked.through);
      let left = 3;
      request.addEventListener('success', () => {
        const cursor = request.result;
        if (cursor === null || left === 0) return;
        left -= 1;
        if (asked.kind === 'cursor-delete') cursor.delete();
        else {
          const update = cursor.update({ id: cursor.primaryKey, tag: asked.tag });
          update.addEventListener('error', (event) => event.preventDefault());
        }
        cursor.continue();
      });
    }
  }
};

const carryOutSchema = (
  connection: IDBDatabase,
  transaction: IDBTransaction,
  asked: Schema,
): void => {
  const there = [...connection.objectStoreNames].includes(asked.store);
  if (asked.kind === 'create-store') {
    const { keyPath } = asked;
    if (!there) connection.createObjectStore(asked.store, keyPath === null ? {} : { keyPath });
    return;
  }
  if (!there) return;
  if (asked.kind === 'delete-store') {
    connection.deleteObjectStore(asked.store);
    return;
  }
  const store = transaction.objectStore(asked.store);
  const known = [...store.indexNames].includes(asked.index);
  if (asked.kind === 'delete-index') {
    if (known) store.deleteIndex(asked.index);
    return;
  }
  if (!known) {
    const { unique, multiEntry } = asked;
    store.createIndex(asked.index, 'tag', { unique, multiEntry });
  }
};

/** Does one step; tells how its transaction ended. */
export const carryOut = async (
  factory: IDBFactory,
  step: Exclude<Step, { kind: 'restart' }>,
): Promise<string> => {
  switch (step.kind) {
    case 'delete-database':
      await new Promise<void>((resolve) => {
        factory.deleteDatabase(step.database).addEventListener('success', () => resolve());
      });
      return 'deleted';
    case 'write': {
      const connection = await openDatabase(factory, step.database);
      const present = new Set(connection.objectStoreNames);
      const stores = step.stores.filter((each) => present.has(each));
      if (stores.length === 0) {
        connection.close();
        return 'nothing';
      }
      const transaction = connection.transaction(stores, 'readwrite');
      const ended = endOf(transaction);
      for (const each of step.writes) {
        if (stores.includes(each.store)) carryOutWrite(transaction, each);
      }
      if (step.end === 'abort') transaction.abort();
      const outcome = await ended;
      connection.close();
      return outcome;
    }
    case 'upgrade': {
      const known = (await factory.databases()).find((each) => each.name === step.database);
      try {
        const connection = await openDatabase(
          factory,
          step.database,
          (known?.version ?? 0) + 1,
          (upgraded, transaction) => {
            for (const each of step.changes) {
              if (isSchema(each)) carryOutSchema(upgraded, transaction, each);
              else if ([...upgraded.objectStoreNames].includes(each.store)) {
                carryOutWrite(transaction, each);
              }
            }
            if (step.end === 'abort') transaction.abort();
          },
        );
        connection.close();
        return 'upgraded';
      } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') return 'abort';
        throw error;
      }
    }
  }
};
