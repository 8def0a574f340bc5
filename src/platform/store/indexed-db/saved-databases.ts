import type { KeyPath } from 'fake-indexeddb';
import { z } from 'zod';
import type { Database } from '../database.ts';
import type { Change, IndexShape } from './change.ts';
import type { PlainRow, RowSeal } from './row-seal.ts';

/** A database as it was left, without its rows. */
export interface SavedDatabase {
  readonly name: string;
  readonly version: number;
  readonly stores: readonly SavedStore[];
}

/** An object store as it was left; `id` finds its rows. */
export interface SavedStore {
  readonly id: number;
  readonly name: string;
  readonly keyPath: KeyPath | null;
  readonly indexes: readonly IndexShape[];
}

const keyPath = z.union([z.string(), z.array(z.string())]);
const json = z.string().transform((text): unknown => JSON.parse(text));
const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);

const idRow = z.object({ id: z.int() });
const sealRow = z.object({ fingerprint: z.instanceof(Uint8Array) });
const databaseRow = z.object({ id: z.int(), name: z.string(), version: z.int().positive() });
const storeRow = z.object({
  id: z.int(),
  name: z.string(),
  key_path: json.pipe(keyPath.nullable()),
});
const indexRow = z
  .object({
    name: z.string(),
    key_path: json.pipe(keyPath),
    is_unique: flag,
    is_multi_entry: flag,
  })
  .transform((row) => ({
    name: row.name,
    keyPath: row.key_path,
    unique: row.is_unique,
    multiEntry: row.is_multi_entry,
  }));
const sealedRow = z.object({ address: z.instanceof(Uint8Array), sealed: z.instanceof(Uint8Array) });

/** How many rows are in memory sealed and plain at the same time while reading. */
const pageRows = 500;

/** The tables of `indexedDbMigration`. What it throws is what `Database` throws, or `ZodError`. */
export class SavedDatabases {
  readonly #database: Database;
  readonly #seal: RowSeal;

  constructor(database: Database, seal: RowSeal) {
    this.#database = database;
    this.#seal = seal;
  }

  /** Whether the rows were written with this key; the first one that asks sets the key. */
  knowsSeal(): boolean {
    const fingerprint = this.#seal.fingerprint();
    this.#database.run(
      'INSERT INTO indexed_db_seal (id, fingerprint) VALUES (1, :fingerprint) ON CONFLICT DO NOTHING',
      { fingerprint },
    );
    const row = this.#database.get(sealRow, 'SELECT fingerprint FROM indexed_db_seal');
    return row !== null && fingerprint.equals(row.fingerprint);
  }

  /** All databases, with their stores and indexes. */
  databases(): SavedDatabase[] {
    return this.#database
      .all(databaseRow, 'SELECT id, name, version FROM indexed_db')
      .map(({ id, name, version }) => ({ name, version, stores: this.#stores(id) }));
  }

  #stores(database: number): SavedStore[] {
    return this.#database
      .all(
        storeRow,
        'SELECT id, name, key_path FROM indexed_db_store WHERE database_id = :database',
        { database },
      )
      .map(({ id, name, key_path: path }) => ({
        id,
        name,
        keyPath: path,
        indexes: this.#database.all(
          indexRow,
          'SELECT name, key_path, is_unique, is_multi_entry FROM indexed_db_index WHERE store_id = :id',
          { id },
        ),
      }));
  }

  /** The rows of a store, opened one after the other. Throws where one is damaged. */
  *rows(store: number): Generator<PlainRow> {
    for (let after: Uint8Array = Buffer.alloc(0); ;) {
      const page = this.#database.all(
        sealedRow,
        `SELECT address, sealed FROM indexed_db_row WHERE store_id = :store AND address > :after
         ORDER BY address LIMIT ${pageRows}`,
        { store, after },
      );
      for (const { address, sealed } of page) yield this.#seal.open(store, address, sealed);
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.address;
    }
  }

  /** The id for {@link write}. Throws where the database is not saved. */
  idOf(name: string): number {
    const row = this.#database.get(idRow, 'SELECT id FROM indexed_db WHERE name = :name', { name });
    if (row === null) throw new Error(`there is no database ${name} on the disk`);
    return row.id;
  }

  /** Writes what a version change has done; makes the database where there is none. */
  upgrade(name: string, version: number, changes: readonly Change[]): void {
    this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO indexed_db (name, version) VALUES (:name, :version)
         ON CONFLICT (name) DO UPDATE SET version = :version`,
        { name, version },
      );
      this.#apply(this.idOf(name), changes);
    });
  }

  /** Writes what a transaction has done. What it costs depends on the changes alone. */
  write(database: number, changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#database.transaction(() => this.#apply(database, changes));
  }

  /** Forgets a database. */
  remove(name: string): void {
    this.#database.run('DELETE FROM indexed_db WHERE name = :name', { name });
  }

  #apply(database: number, changes: readonly Change[]): void {
    const ids = new Map<string, number>();
    const storeOf = (name: string): number => {
      const id = ids.get(name) ?? this.#storeId(database, name);
      ids.set(name, id);
      return id;
    };
    for (const change of changes) {
      switch (change.kind) {
        case 'create-store':
          this.#database.run(
            'INSERT INTO indexed_db_store (database_id, name, key_path) VALUES (:database, :store, :path)',
            { database, store: change.store, path: JSON.stringify(change.keyPath) },
          );
          break;
        case 'delete-store':
          this.#database.run('DELETE FROM indexed_db_store WHERE id = :id', {
            id: storeOf(change.store),
          });
          ids.delete(change.store);
          break;
        case 'create-index':
          this.#createIndex(storeOf(change.store), change.index);
          break;
        case 'delete-index':
          this.#database.run(
            'DELETE FROM indexed_db_index WHERE store_id = :store AND name = :index',
            { store: storeOf(change.store), index: change.index },
          );
          break;
        case 'put':
          this.#put(storeOf(change.store), change);
          break;
        case 'delete':
          for (const key of change.keys) this.#delete(storeOf(change.store), key);
          break;
        case 'clear':
          this.#database.run('DELETE FROM indexed_db_row WHERE store_id = :store', {
            store: storeOf(change.store),
          });
          break;
        default:
          change satisfies never;
      }
    }
  }

  #storeId(database: number, name: string): number {
    const row = this.#database.get(
      idRow,
      'SELECT id FROM indexed_db_store WHERE database_id = :database AND name = :name',
      { database, name },
    );
    if (row === null) throw new Error(`there is no store ${name} on the disk`);
    return row.id;
  }

  #createIndex(store: number, { name, keyPath: path, unique, multiEntry }: IndexShape): void {
    this.#database.run(
      `INSERT INTO indexed_db_index (store_id, name, key_path, is_unique, is_multi_entry)
       VALUES (:store, :name, :path, :unique, :multiEntry)`,
      {
        ...{ store, name, path: JSON.stringify(path) },
        unique: Number(unique),
        multiEntry: Number(multiEntry),
      },
    );
  }

  #put(store: number, row: PlainRow): void {
    this.#database.run(
      `INSERT INTO indexed_db_row (store_id, address, sealed) VALUES (:store, :address, :sealed)
       ON CONFLICT (store_id, address) DO UPDATE SET sealed = :sealed`,
      { store, address: this.#seal.address(store, row.key), sealed: this.#seal.seal(store, row) },
    );
  }

  #delete(store: number, key: string): void {
    this.#database.run(
      'DELETE FROM indexed_db_row WHERE store_id = :store AND address = :address',
      {
        store,
        address: this.#seal.address(store, key),
      },
    );
  }
}
