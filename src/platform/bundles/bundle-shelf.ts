import { existsSync, lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { open, rename, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import { ensurePrivateFolder, syncFolder } from '../store/private-files.ts';
import { systemCode, systemReason } from '../system-failure.ts';

/** So many are kept, the newest … */
export const keptBundles = 5;
/** … and none longer than this, ms. */
export const keptBundleMs = 7 * 86_400_000;

/** As {@link BundleShelf.nameFor} writes them; nothing else in the folder is touched. */
const finished = /^urtc-bundle-\d{8}T\d{6}Z(?:-\d+)?\.tar\.gz$/;
/** A bundle that is being written, or whose process died. */
const unfinished = /^\.urtc-bundle-.*\.part$/;

/** A bundle that is being written: nobody takes it for a whole one. */
export interface OpenBundle {
  write(bytes: Uint8Array): Promise<void>;
  /** It is whole: presses it onto the disk, gives it its name, and returns its path. */
  keep(): Promise<string>;
  /** Removes it, if it is not kept. */
  drop(): Promise<void>;
}

/**
 * The folder in which bundles lie on the server, for our user alone. Whoever writes there holds the
 * lock of the data folder.
 */
export class BundleShelf {
  readonly #folder: string;

  /** `folder`: absolute; made when it is needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A name that is free, without its ending `.tar.gz`. `at`: ms since the epoch. */
  nameFor(at: number): string {
    const digits = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const name = `urtc-bundle-${digits}`;
    for (let nth = 1; ; nth += 1) {
      const tried = nth === 1 ? name : `${name}-${nth}`;
      if (!existsSync(this.#path(tried))) return tried;
    }
  }

  /** What the disk has left for us, bytes; null: nobody can say. */
  async freeBytes(): Promise<number | null> {
    for (let place = this.#folder; ; place = dirname(place)) {
      try {
        const { bavail, bsize } = await statfs(place);
        return bavail * bsize;
      } catch (error) {
        if (systemCode(error) !== 'ENOENT' || place === dirname(place)) return null;
      }
    }
  }

  /** Begins a bundle of that name. It and what it returns throw `E_BUNDLE_UNWRITABLE`. */
  async begin(name: string): Promise<OpenBundle> {
    const path = this.#path(name);
    const part = join(this.#folder, `.${name}.part`);
    const file = await this.#guard(async () => {
      ensurePrivateFolder(this.#folder);
      return open(part, 'wx', 0o600);
    });
    let isOpen = true;
    const close = async (handle: FileHandle): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      await handle.close();
    };
    return {
      write: (bytes) => this.#guard(() => writeWhole(file, bytes)),
      keep: () =>
        this.#guard(async () => {
          await file.sync();
          await close(file);
          await rename(part, path);
          syncFolder(this.#folder);
          return path;
        }),
      drop: async () => {
        await close(file);
        await unlink(part).catch(ignoreMissing);
      },
    };
  }

  /**
   * Removes what a process that died has left, and bundles that are too many or too old. Not while
   * one is being written. Throws what the system says.
   */
  tidy(now: number): void {
    const kept: { readonly name: string; readonly at: number }[] = [];
    for (const name of this.#names()) {
      if (unfinished.test(name)) this.#remove(name);
      else if (finished.test(name)) {
        const found = lstatSync(join(this.#folder, name), { throwIfNoEntry: false });
        if (found?.isFile() === true) kept.push({ name, at: found.mtimeMs });
      }
    }
    // The clock may have been set back: one from the future counts as new.
    kept.sort((one, other) => other.at - one.at);
    for (const [nth, { name, at }] of kept.entries()) {
      if (nth >= keptBundles || now - at > keptBundleMs) this.#remove(name);
    }
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#folder);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  #remove(name: string): void {
    try {
      unlinkSync(join(this.#folder, name));
    } catch (error) {
      ignoreMissing(error);
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.tar.gz`);
  }

  async #guard<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      const reason = systemCode(error) === 'ENOSPC' ? say('bundle.no-space') : systemReason(error);
      throw new AppError('E_BUNDLE_UNWRITABLE', { path: this.#folder, reason }, error);
    }
  }
}

/** A system may take less at a time than it was given. */
async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, done);
    done += bytesWritten;
  }
}

function ignoreMissing(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error;
}
