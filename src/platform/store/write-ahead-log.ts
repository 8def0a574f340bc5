import { closeSync, fdatasync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { systemCode } from '../system-failure.ts';
import { syncFolder } from './private-files.ts';

/** Presses what was written to an open file onto the disk; rejects with what the system says. */
export type PressFile = (descriptor: number) => Promise<void>;

/** What a log is made of. */
export interface WriteAheadLogParts {
  /** Of the database; the log lies beside it (`-wal`, https://www.sqlite.org/wal.html). */
  readonly file: string;
  /** Copies all of the log into the database, and that onto the disk. False: it can't be now. */
  readonly fold: () => boolean;
  /** Default: `fdatasync(2)`. */
  readonly press?: PressFile;
}

/**
 * Waits for the disk beside the work of the process: a `COMMIT` that waits for it lets nobody else have
 * a turn meanwhile.
 */
export class WriteAheadLog {
  readonly #file: string;
  readonly #fold: () => boolean;
  readonly #press: PressFile;
  #isFolderSynced = false;
  #isDoubtful = false;

  constructor({ file, fold, press = promisify(fdatasync) }: WriteAheadLogParts) {
    this.#file = file;
    this.#fold = fold;
    this.#press = press;
  }

  /** Resolves when all that was committed before is on the disk. Rejects where it is not, or may not be. */
  async press(): Promise<void> {
    // What the system could not write once it does not try again, and says nothing more of it
    // (fsync(2)): then the log has a hole, behind which SQLite would read nothing.
    if (this.#isDoubtful && !this.#fold())
      throw new Error(`${this.#file}-wal can not be folded in`);
    this.#isDoubtful = false;
    try {
      await this.#pressLog();
    } catch (error) {
      this.#isDoubtful = true;
      throw error;
    }
  }

  async #pressLog(): Promise<void> {
    if (!this.#isFolderSynced) syncFolder(dirname(this.#file));
    this.#isFolderSynced = true;
    const descriptor = this.#open();
    try {
      await this.#press(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Where there is no log (a file system that can't have one), commits are in the file itself. */
  #open(): number {
    try {
      return openSync(`${this.#file}-wal`, 'r');
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      return openSync(this.#file, 'r');
    }
  }
}
