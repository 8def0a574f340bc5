import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Whether this machine lets us mount a file system: needs root. */
export const canMount = (): boolean => process.getuid?.() === 0;

/** A disk of so many MiB at a folder, which a test can fill with a real file. */
export class BoundedDisk {
  readonly #folder: string;

  constructor(folder: string, megabytes: number) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const options = `size=${megabytes}m,mode=0700`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  }

  get #filler(): string {
    return join(this.#folder, 'filler');
  }

  /** Takes all space that is left. */
  fill(): void {
    const file = openSync(this.#filler, 'a');
    try {
      const block = Buffer.alloc(4096, 1);
      for (let bounded = 0; bounded < 100_000; bounded += 1) writeSync(file, block);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      return;
    } finally {
      closeSync(file);
    }
    throw new Error('the disk did not get full');
  }

  /** Gives back what `fill` took. */
  empty(): void {
    rmSync(this.#filler, { force: true });
  }

  /** Whoever uses it must be gone. */
  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.#folder]);
  }
}
