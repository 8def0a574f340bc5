import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { z } from 'zod';
import { AppError } from '../../core/errors.ts';

/** One step of a file's schema. `version` is unique and never changes once released. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Values that a statement takes, by name (`:name` in the SQL). */
export type Parameters = Readonly<Record<string, SQLInputValue>>;

/** How hard a commit is pressed onto the disk (SQLite `PRAGMA synchronous`). */
export type Durability = 'FULL' | 'NORMAL';

/**
 * One SQLite file: prepared statements, rows checked by zod, transactions that nest. All calls are
 * synchronous: a transaction can't be interleaved with another one of this process.
 */
export class Database {
  readonly file: string;
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  /**
   * Opens or makes the file and brings its schema up to date.
   * Throws `E_STORE_NEWER` where the file knows more than we do, `E_STORE_CORRUPT` where it is none.
   */
  constructor(file: string, migrations: readonly Migration[], durability: Durability) {
    this.file = file;
    try {
      this.#sqlite = new DatabaseSync(file);
      this.#sqlite.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability}; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;`,
      );
    } catch (error) {
      throw new AppError('E_STORE_CORRUPT', { file, reason: String(error) }, error);
    }
    this.#migrate(migrations);
  }

  #migrate(migrations: readonly Migration[]): void {
    const ordered = [...migrations].sort((a, b) => a.version - b.version);
    const known = ordered.at(-1)?.version ?? 0;
    const row = this.#sqlite.prepare('PRAGMA user_version').get();
    const found = Number(row?.['user_version'] ?? 0);
    if (found > known) throw new AppError('E_STORE_NEWER', { file: this.file, found, known });
    for (const migration of ordered.filter((each) => each.version > found)) {
      this.transaction(() => {
        this.#sqlite.exec(migration.sql);
        this.#sqlite.exec(`PRAGMA user_version = ${migration.version}`);
      });
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs a statement; returns how many rows it changed. */
  run(sql: string, parameters: Parameters = {}): number {
    return Number(this.#statement(sql).run(parameters).changes);
  }

  /** All rows, each checked by `schema`. */
  all<Row>(schema: z.ZodType<Row>, sql: string, parameters: Parameters = {}): Row[] {
    return this.#statement(sql)
      .all(parameters)
      .map((row) => schema.parse(row));
  }

  /** The first row, or null. */
  get<Row>(schema: z.ZodType<Row>, sql: string, parameters: Parameters = {}): Row | null {
    const row = this.#statement(sql).get(parameters);
    return row === undefined ? null : schema.parse(row);
  }

  /**
   * Runs `work` as one transaction: all of it is on the disk when this returns, or, when `work`
   * throws, none. Inside another transaction it is part of that one.
   */
  transaction<Result>(work: () => Result): Result {
    if (this.#depth > 0) return work();
    this.#sqlite.exec('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.#sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors (disk full), then this has nothing to do.
      if (this.#sqlite.isTransaction) this.#sqlite.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Closes the file; the object is of no use afterwards. */
  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }
}
