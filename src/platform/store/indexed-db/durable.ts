import { IDBFactory, type IDBDatabase, type IDBEvent } from 'fake-indexeddb';
import { AppError } from '../../../core/errors.ts';
import type { Database } from '../database.ts';
import type { MasterKey } from '../master-key.ts';
import { damagedFile } from '../sqlite-failure.ts';
import { recordTransaction, recordUpgrade } from './record-transaction.ts';
import { restoreDatabase } from './restore.ts';
import { RowSeal } from './row-seal.ts';
import { SavedDatabases } from './saved-databases.ts';

/** Writes to the disk until a write fails; from then on memory and disk differ, and all is refused. */
class Disk {
  readonly #onLost: (error: unknown) => void;
  #isLost = false;

  constructor(onLost: (error: unknown) => void) {
    this.#onLost = onLost;
  }

  /** Throws when a write has failed before: what is in memory must not be built on. */
  assertSound(): void {
    if (!this.#isLost) return;
    throw new DOMException('an earlier transaction could not be written', 'UnknownError');
  }

  /** Lets those who come after us hear of `event` only when `write` has succeeded. */
  beforeOthersHear(event: IDBEvent, write: () => void): void {
    if (this.#isLost) {
      event.stopImmediatePropagation();
      return;
    }
    try {
      write();
    } catch (error) {
      event.stopImmediatePropagation();
      this.#isLost = true;
      this.#onLost(error);
    }
  }
}

const writeThrough = (connection: IDBDatabase, saved: SavedDatabases, disk: Disk): void => {
  const database = saved.idOf(connection.name);
  const begin = connection.transaction.bind(connection);
  connection.transaction = (stores, mode, options) => {
    disk.assertSound();
    const transaction = begin(stores, mode, options);
    const changes = transaction.mode === 'readwrite' ? recordTransaction(transaction) : null;
    transaction.addEventListener('complete', (event) =>
      disk.beforeOthersHear(event, () => saved.write(database, changes?.done() ?? [])),
    );
    return transaction;
  };
};

const interceptOpen = (factory: IDBFactory, saved: SavedDatabases, disk: Disk): void => {
  const open = factory.open.bind(factory);
  factory.open = (name, version) => {
    disk.assertSound();
    const request = open(name, version);
    request.addEventListener('upgradeneeded', () => {
      const { result: connection, transaction } = request;
      if (transaction === null) throw new Error('a version change without a transaction');
      const changes = recordUpgrade(connection, transaction);
      transaction.addEventListener('complete', (event) =>
        disk.beforeOthersHear(event, () =>
          saved.upgrade(connection.name, connection.version, changes.done()),
        ),
      );
    });
    request.addEventListener('success', (event) =>
      disk.beforeOthersHear(event, () => writeThrough(request.result, saved, disk)),
    );
    return request;
  };
};

const interceptDelete = (factory: IDBFactory, saved: SavedDatabases, disk: Disk): void => {
  const deleteDatabase = factory.deleteDatabase.bind(factory);
  factory.deleteDatabase = (name) => {
    disk.assertSound();
    const request = deleteDatabase(name);
    request.addEventListener('success', (event) =>
      disk.beforeOthersHear(event, () => saved.remove(name)),
    );
    return request;
  };
};

const restoreAll = async (file: string, factory: IDBFactory, from: SavedDatabases) => {
  try {
    for (const each of from.databases()) await restoreDatabase(factory, each, from);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw damagedFile(file, reason, 'E_CRYPTO_STORE_CORRUPT', error);
  }
};

/**
 * An IndexedDB that survives, for whoever speaks nothing else (the store of the Matrix crypto). All
 * databases that `database` holds (tables of `indexedDbMigration`) are in memory when this resolves;
 * each transaction that changes something is on the disk, encrypted, before anybody hears that it is
 * complete. So `database` must be opened with durability `FULL`. What a write costs does not grow
 * with the store (issue 4, "A store that survives").
 *
 * When a write fails, nobody hears of the transaction's end, none that comes later succeeds, and
 * `onLost` is told once, before anything else runs: end the process there. The disk holds what was
 * complete until then.
 *
 * Stores that number their rows themselves and new names for stores and indexes are refused
 * (`NotSupportedError`).
 *
 * @throws AppError `E_CRYPTO_STORE_CORRUPT` where rows are damaged, `E_CRYPTO_STORE_KEY` where they were
 *   written with another key, and what `Database` throws.
 */
export const openDurableIndexedDb = async (
  database: Database,
  masterKey: MasterKey,
  onLost: (error: unknown) => void,
): Promise<IDBFactory> => {
  const saved = new SavedDatabases(database, new RowSeal(masterKey));
  if (!saved.knowsSeal()) throw new AppError('E_CRYPTO_STORE_KEY', { file: database.file });
  const factory = new IDBFactory();
  await restoreAll(database.file, factory, saved);
  const disk = new Disk(onLost);
  interceptOpen(factory, saved, disk);
  interceptDelete(factory, saved, disk);
  return factory;
};
