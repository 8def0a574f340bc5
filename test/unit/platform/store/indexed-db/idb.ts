import type {
  IDBDatabase,
  IDBFactory,
  IDBRequest,
  IDBTransaction,
  KeyPath,
  ValidKey,
} from 'fake-indexeddb';

/** The result of a request; rejects when it fails. */
export const resultOf = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no reason')));
  });

/** How a transaction has ended. */
export const endOf = (transaction: IDBTransaction): Promise<'complete' | 'abort'> =>
  new Promise((resolve) => {
    transaction.addEventListener('complete', () => resolve('complete'));
    transaction.addEventListener('abort', () => resolve('abort'));
  });

/** Opens a database; `upgrade` runs in the version change, if there is one. */
export const openDatabase = (
  factory: IDBFactory,
  name: string,
  version?: number,
  upgrade: (connection: IDBDatabase, transaction: IDBTransaction) => void = () => undefined,
): Promise<IDBDatabase> => {
  const request = factory.open(name, version);
  request.addEventListener('upgradeneeded', () => {
    if (request.transaction === null) throw new Error('no transaction');
    upgrade(request.result, request.transaction);
  });
  return resultOf(request);
};

/** Puts one row into a store; how the transaction ended. */
export const putRow = (
  connection: IDBDatabase,
  store: string,
  value: unknown,
  key?: ValidKey,
): Promise<'complete' | 'abort'> => {
  const transaction = connection.transaction(store, 'readwrite');
  transaction.objectStore(store).put(value, key);
  return endOf(transaction);
};

interface Content {
  readonly name: string;
  readonly version: number;
  readonly stores: readonly {
    readonly name: string;
    readonly keyPath: KeyPath | null;
    readonly keys: readonly ValidKey[];
    readonly values: readonly unknown[];
    readonly indexes: readonly {
      readonly name: string;
      readonly shape: readonly unknown[];
      readonly keys: readonly ValidKey[];
    }[];
  }[];
}

/** All that the databases of a factory hold, also what their indexes find in which order. */
export const contentOf = async (factory: IDBFactory): Promise<Content[]> => {
  const contents: Content[] = [];
  const found = await factory.databases();
  for (const { name, version } of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const connection = await openDatabase(factory, name);
    const stores = [];
    for (const storeName of connection.objectStoreNames) {
      const store = connection.transaction(storeName).objectStore(storeName);
      const indexes = [];
      const rows = [resultOf(store.getAllKeys()), resultOf(store.getAll())] as const;
      for (const indexName of store.indexNames) {
        const index = store.index(indexName);
        indexes.push(
          resultOf(index.getAllKeys()).then((keys) => ({
            name: indexName,
            shape: [index.keyPath, index.unique, index.multiEntry],
            keys,
          })),
        );
      }
      const [keys, values] = await Promise.all(rows);
      const { keyPath } = store;
      stores.push({ name: storeName, keyPath, keys, values, indexes: await Promise.all(indexes) });
    }
    connection.close();
    contents.push({ name, version, stores });
  }
  return contents;
};
