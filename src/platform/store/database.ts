import { statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { applyMigrations, type Migration } from './migrate.ts';
import { ensurePrivateFile } from './private-files.ts';
import { damagedFile, explainFailure, type DamageCode } from './sqlite-failure.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

export type { Migration } from './migrate.ts';

/** Values that a statement takes, by name (`:name` in the SQL). */
export type Parameters = Readonly<Record<string, SQLInputValue>>;

/** How hard a commit is pressed onto the disk (SQLite `PRAGMA synchronous`). */
export type Durability = 'FULL' | 'NORMAL';

/** Whoever can make room on a full disk, once. */
export interface FullDisk {
  /** The disk was found full. True: room was made, what failed is worth a second try. */
  noteFull(cause: AppError): boolean;
}

/**
 * Above this size (bytes) the check at opening would be felt: it takes about 2 ms per MB, a tenth of
 * the whole start from some 20 MB on. Damage in a larger file shows when it is met.
 */
const checkedUpTo = 16 * 1024 * 1024;

/** Of `PRAGMA wal_checkpoint`: 0 where all of it was done. */
const foldedRow = z.object({ busy: z.int() });

/**
 * One SQLite file: prepared statements, rows checked by zod, transactions that nest. All calls are
 * synchronous: a transaction can't be interleaved with another one of this process.
 *
 * Failures of SQLite are thrown as `E_STORE_FULL` and `E_STORE_CORRUPT` where they are that. With a
 * {@link FullDisk}, what fails for want of space is tried once more when room was made.
 */
export class Database {
  readonly file: string;
  readonly #sqlite: DatabaseSync;
  readonly #durability: Durability;
  readonly #fullDisk: FullDisk | null;
  readonly #damaged: DamageCode;
  readonly #statements = new Map<string, StatementSync>();
  readonly #log: WriteAheadLog;
  #depth = 0;
  /** Set by the statement that found the disk full, until somebody has heard of it. */
  #full: AppError | null = null;

  /**
   * Opens or makes the file (mode 0600) and brings its schema up to date.
   * Throws `E_STORE_NEWER` where the file knows more than we do, `damaged` where it is damaged,
   * `E_STORE_FULL`, and `E_STORE_UNREADABLE` where it can't be opened at all.
   */
  constructor(
    file: string,
    migrations: readonly Migration[],
    durability: Durability,
    fullDisk: FullDisk | null = null,
    damaged: DamageCode = 'E_STORE_CORRUPT',
  ) {
    this.file = file;
    this.#log = new WriteAheadLog({
      file,
      fold: () => this.get(foldedRow, 'PRAGMA wal_checkpoint(FULL)')?.busy === 0,
    });
    this.#damaged = damaged;
    this.#durability = durability;
    this.#fullDisk = fullDisk;
    this.#sqlite = this.#withReserve(() => this.#open(durability));
    try {
      this.#check();
      applyMigrations(this, migrations);
    } catch (error) {
      this.#sqlite.close();
      throw error;
    }
  }

  #open(durability: Durability): DatabaseSync {
    let sqlite: DatabaseSync | null = null;
    try {
      ensurePrivateFile(this.file);
      sqlite = new DatabaseSync(this.file);
      // secure_delete: what is removed (a sealed secret) is overwritten, not only forgotten.
      sqlite.exec(
        `PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability}; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;`,
      );
      return sqlite;
    } catch (error) {
      sqlite?.close();
      const failure = this.#explain(error);
      if (failure instanceof AppError) throw failure;
      throw new AppError('E_STORE_UNREADABLE', { file: this.file, reason: String(error) }, error);
    }
  }

  #check(): void {
    if (statSync(this.file).size > checkedUpTo) return;
    const row = this.#call(() => this.#sqlite.prepare('PRAGMA quick_check(1)').get());
    const found = row?.['quick_check'];
    if (found === 'ok') return;
    throw damagedFile(this.file, String(found), this.#damaged);
  }

  #explain(error: unknown): unknown {
    const failure = explainFailure(error, this.file, this.#damaged);
    if (failure instanceof AppError && failure.code === 'E_STORE_FULL') this.#full = failure;
    return failure;
  }

  /** One call of SQLite, its failure explained. */
  #call<Result>(work: () => Result): Result {
    // SQLite ends a transaction by itself after some failures; what follows must not run outside it.
    if (this.#depth > 0) this.#assertAlive();
    try {
      return work();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #assertAlive(): void {
    if (this.#sqlite.isTransaction) return;
    throw this.#full ?? new Error(`the transaction on ${this.file} was ended by SQLite`);
  }

  #withReserve<Result>(work: () => Result): Result {
    try {
      const result = work();
      this.#reportFull();
      return result;
    } catch (error) {
      if (!this.#reportFull()) throw error;
    }
    try {
      return work();
    } finally {
      this.#reportFull();
    }
  }

  /** Tells the {@link FullDisk} what was found; true: room was made. */
  #reportFull(): boolean {
    const full = this.#full;
    this.#full = null;
    return full !== null && this.#fullDisk?.noteFull(full) === true;
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
    const once = (): number =>
      this.#call(() => Number(this.#statement(sql).run(parameters).changes));
    return this.#depth > 0 ? once() : this.#withReserve(once);
  }

  /** Runs statements that take no values and give no rows (a schema). */
  script(sql: string): void {
    const once = (): void => this.#call(() => this.#sqlite.exec(sql));
    if (this.#depth > 0) once();
    else this.#withReserve(once);
  }

  /** All rows, each checked by `schema`. */
  all<Row>(schema: z.ZodType<Row>, sql: string, parameters: Parameters = {}): Row[] {
    return this.#call(() => this.#statement(sql).all(parameters)).map((row) => schema.parse(row));
  }

  /** The first row, or null. */
  get<Row>(schema: z.ZodType<Row>, sql: string, parameters: Parameters = {}): Row | null {
    const row = this.#call(() => this.#statement(sql).get(parameters));
    return row === undefined ? null : schema.parse(row);
  }

  /**
   * Runs `work` as one transaction: all of it is on the disk when this returns, or, when `work`
   * throws, none. Inside another transaction it is part of that one; what it throws there undoes
   * only its own part, and the outer one may go on.
   *
   * `work` runs a second time where the disk was full and room was made in between, so it must do
   * nothing outside the database that may not be done twice. It must not be async.
   */
  transaction<Result>(work: () => Result): Result {
    return this.#depth > 0
      ? this.#bracket(
          work,
          `SAVEPOINT part_${this.#depth}`,
          `RELEASE part_${this.#depth}`,
          `ROLLBACK TO part_${this.#depth}; RELEASE part_${this.#depth}`,
        )
      : this.#withReserve(() => this.#bracket(work, 'BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'));
  }

  /**
   * Like {@link transaction}, for what can be found out again: when the machine (not the process)
   * dies, the last of these may be gone as a whole, and nothing that a later `transaction` has
   * written can be there without it. Inside another transaction it is part of that one.
   *
   * It saves the wait for the disk (https://www.sqlite.org/pragma.html#pragma_synchronous).
   */
  relaxedTransaction<Result>(work: () => Result): Result {
    if (this.#depth > 0) return this.transaction(work);
    this.#call(() => this.#sqlite.exec('PRAGMA synchronous = NORMAL'));
    try {
      return this.transaction(work);
    } finally {
      this.#call(() => this.#sqlite.exec(`PRAGMA synchronous = ${this.#durability}`));
    }
  }

  /**
   * Resolves when all that was committed before is on the disk, a {@link relaxedTransaction} too; the
   * process has its turns meanwhile. Rejects where that can't be said.
   */
  async pressed(): Promise<void> {
    try {
      await this.#log.press();
    } catch (error) {
      const failure = this.#explain(error);
      this.#reportFull();
      throw failure;
    }
  }

  #bracket<Result>(work: () => Result, begin: string, end: string, undo: string): Result {
    this.#call(() => this.#sqlite.exec(begin));
    this.#depth += 1;
    try {
      const result = work();
      if (result instanceof Promise) throw new TypeError('a transaction can not be async');
      this.#call(() => this.#sqlite.exec(end));
      return result;
    } catch (error) {
      if (this.#sqlite.isTransaction) this.#sqlite.exec(undo);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /**
   * Closes the file; the object is of no use afterwards. The write-ahead log is folded in; on a full
   * disk it stays beside the file, and the next opening reads it.
   */
  close(): void {
    this.#statements.clear();
    try {
      this.#sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      const failure = explainFailure(error, this.file);
      if (!(failure instanceof AppError && failure.code === 'E_STORE_FULL')) throw failure;
    } finally {
      this.#sqlite.close();
    }
  }
}
