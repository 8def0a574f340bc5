import type {
  IDBDatabase,
  IDBIndex,
  IDBObjectStore,
  IDBRequest,
  IDBTransaction,
  ValidKey,
} from 'fake-indexeddb';
import { ChangeList } from './change.ts';
import { keyText } from './key-text.ts';
import { recordCursors } from './record-cursor.ts';
import { bytesOfValue } from './stored-value.ts';

/** A write that would not be there after the next start must not happen now either. */
const refuse = (what: string): never => {
  throw new DOMException(`${what} can't be written to the disk`, 'NotSupportedError');
};

const refuseRenaming = (named: IDBObjectStore | IDBIndex): void => {
  const { name } = named;
  Object.defineProperty(named, 'name', { get: () => name, set: () => refuse('a new name') });
};

const recordRows = (store: IDBObjectStore, changes: ChangeList): void => {
  const { name } = store;
  const recordPut =
    (put: IDBObjectStore['put']): IDBObjectStore['put'] =>
    (given, key) => {
      // At once: the value is the caller's, who may change it before the transaction is over.
      const value = bytesOfValue(given);
      const request = put(given, key);
      const fill = changes.expect();
      request.addEventListener('success', () =>
        fill({ kind: 'put', store: name, key: keyText(request.result), value }),
      );
      return request;
    };
  store.put = recordPut(store.put.bind(store));
  store.add = recordPut(store.add.bind(store));

  const remove = store.delete.bind(store);
  store.delete = (query) => {
    // Requests are carried out one after the other: this one sees just what the next one removes.
    const found: IDBRequest<ValidKey[]> = store.getAllKeys(query);
    let keys: readonly string[] = [];
    found.addEventListener('success', () => {
      keys = found.result.map(keyText);
    });
    const request = remove(query);
    const fill = changes.expect();
    request.addEventListener('success', () => fill({ kind: 'delete', store: name, keys }));
    return request;
  };

  const clear = store.clear.bind(store);
  store.clear = () => {
    const request = clear();
    const fill = changes.expect();
    request.addEventListener('success', () => fill({ kind: 'clear', store: name }));
    return request;
  };
};

const recordIndexes = (store: IDBObjectStore, changes: ChangeList): void => {
  const known = new WeakSet<IDBIndex>();
  const record = (index: IDBIndex): IDBIndex => {
    if (known.has(index)) return index;
    known.add(index);
    recordCursors(index, store.name, changes);
    refuseRenaming(index);
    return index;
  };
  const find = store.index.bind(store);
  store.index = (name) => record(find(name));

  const create = store.createIndex.bind(store);
  store.createIndex = (name, keyPath, options) => {
    const index = create(name, keyPath, options);
    const { unique, multiEntry } = index;
    changes.expect()({
      kind: 'create-index',
      store: store.name,
      index: { name, keyPath: structuredClone(keyPath), unique, multiEntry },
    });
    return record(index);
  };
  const remove = store.deleteIndex.bind(store);
  store.deleteIndex = (name) => {
    remove(name);
    changes.expect()({ kind: 'delete-index', store: store.name, index: name });
  };
};

/** Notes from here on what the transaction changes. It must be new: nobody has a store of it yet. */
export const recordTransaction = (transaction: IDBTransaction): ChangeList => {
  const changes = new ChangeList();
  const known = new WeakSet<IDBObjectStore>();
  const objectStore = transaction.objectStore.bind(transaction);
  transaction.objectStore = (name) => {
    const store = objectStore(name);
    if (known.has(store)) return store;
    known.add(store);
    refuseRenaming(store);
    recordRows(store, changes);
    recordCursors(store, store.name, changes);
    recordIndexes(store, changes);
    return store;
  };
  return changes;
};

/** The same for a version change: `connection` is the one on which the stores are made. */
export const recordUpgrade = (connection: IDBDatabase, transaction: IDBTransaction): ChangeList => {
  const changes = recordTransaction(transaction);
  const create = connection.createObjectStore.bind(connection);
  connection.createObjectStore = (name, options) => {
    if (options?.autoIncrement === true) refuse('a store that numbers its rows itself');
    const { keyPath } = create(name, options);
    changes.expect()({ kind: 'create-store', store: name, keyPath: structuredClone(keyPath) });
    return transaction.objectStore(name);
  };
  const remove = connection.deleteObjectStore.bind(connection);
  connection.deleteObjectStore = (name) => {
    remove(name);
    changes.expect()({ kind: 'delete-store', store: name });
  };
  return changes;
};
