import type { IDBDatabase, IDBFactory } from 'fake-indexeddb';
import { keyOfText } from './key-text.ts';
import type { SavedDatabase, SavedDatabases } from './saved-databases.ts';
import { valueOfBytes } from './stored-value.ts';

const rebuild = (connection: IDBDatabase, saved: SavedDatabase, from: SavedDatabases): void => {
  for (const { id, name, keyPath, indexes } of saved.stores) {
    const store = connection.createObjectStore(name, { keyPath });
    for (const { name: index, keyPath: path, ...options } of indexes) {
      store.createIndex(index, path, options);
    }
    for (const { key, value } of from.rows(id)) {
      if (keyPath === null) store.put(valueOfBytes(value), keyOfText(key));
      else store.put(valueOfBytes(value));
    }
  }
};

/**
 * Makes a database in memory as it was saved. The factory must not know it yet, nor write through.
 * Rejects with whatever a row could not be read for.
 */
export const restoreDatabase = (
  factory: IDBFactory,
  saved: SavedDatabase,
  from: SavedDatabases,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = factory.open(saved.name, saved.version);
    request.addEventListener('upgradeneeded', () => {
      try {
        rebuild(request.result, saved, from);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        request.transaction?.abort();
      }
    });
    request.addEventListener('success', () => {
      request.result.close();
      resolve();
    });
    // After a failed row this rejects a second time, which changes nothing.
    request.addEventListener('error', () => reject(request.error ?? new Error('it did not open')));
  });
