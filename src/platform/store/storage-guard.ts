import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { ensureBallast, freeBallast, freeBytes } from './ballast.ts';
import type { FullDisk } from './database.ts';
import { ensurePrivateFolder } from './private-files.ts';

/**
 * `open`: all goes · `reserve`: the disk is full, changes are refused, reads and their answers are
 * written into the space that the ballast gave back · `exhausted`: that is used up as well.
 */
export type StorageState = 'open' | 'reserve' | 'exhausted';

/** What the guard is made of. */
export interface StorageGuardOptions {
  /** Size of the ballast in bytes; default 8 MiB. */
  readonly ballastBytes?: number;
  /**
   * Hears of each step down, once. On `exhausted` the daemon is to end cleanly and say why. Called
   * in the middle of a failing transaction: it must only take note, and not throw.
   */
  readonly onChange?: (state: StorageState, cause: AppError) => void;
}

/** Space of a data folder. */
export interface StorageUsage {
  /** Bytes of all its files, ballast included. */
  readonly bytes: number;
  /** Bytes that are free on its file system. */
  readonly freeBytes: number;
  /** Whether changes are accepted. */
  readonly writable: boolean;
}

const defaultBallastBytes = 8 * 1024 * 1024;

/**
 * What happens when the disk of a data folder is full (issue 3; chatops-bots §5 number 40). Every
 * `Database` of the folder is given it and reports to it; whoever is about to change something asks
 * {@link StorageGuard.assertWritable} first. A new start is needed to accept changes again.
 */
export class StorageGuard implements FullDisk {
  readonly #folder: string;
  readonly #ballast: string;
  readonly #onChange: (state: StorageState, cause: AppError) => void;
  #state: StorageState;
  #cause: AppError | null = null;

  /**
   * Makes the folder and the ballast where they are missing. Where there is no space for a ballast
   * it starts in `reserve`, without calling `onChange`. Open it before the databases.
   */
  constructor(folder: string, options: StorageGuardOptions = {}) {
    ensurePrivateFolder(folder);
    this.#folder = folder;
    this.#ballast = join(folder, 'ballast');
    this.#onChange = options.onChange ?? (() => undefined);
    const made = ensureBallast(this.#ballast, options.ballastBytes ?? defaultBallastBytes);
    this.#state = made ? 'open' : 'reserve';
  }

  get state(): StorageState {
    return this.#state;
  }

  /** Throws `E_STORE_FULL` unless changes are accepted. */
  assertWritable(): void {
    if (this.#state === 'open') return;
    throw new AppError('E_STORE_FULL', { folder: this.#folder }, this.#cause ?? undefined);
  }

  /** See {@link FullDisk}. The first time the ballast is given back. */
  noteFull(cause: AppError): boolean {
    this.#cause = cause;
    switch (this.#state) {
      case 'open': {
        const freed = freeBallast(this.#ballast);
        this.#become(freed ? 'reserve' : 'exhausted', cause);
        return freed;
      }
      case 'reserve':
        this.#become('exhausted', cause);
        return false;
      case 'exhausted':
        return false;
      default:
        return this.#state satisfies never;
    }
  }

  #become(state: StorageState, cause: AppError): void {
    this.#state = state;
    this.#onChange(state, cause);
  }

  /** How much the folder takes and how much is left. */
  usage(): StorageUsage {
    const bytes = readdirSync(this.#folder)
      .map((name) => statSync(join(this.#folder, name), { throwIfNoEntry: false }))
      .reduce((sum, found) => sum + (found?.isFile() === true ? found.size : 0), 0);
    return { bytes, freeBytes: freeBytes(this.#folder), writable: this.#state === 'open' };
  }
}
