import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Database } from '../../../../src/platform/store/database.ts';
import { tempFolder } from './temp-folder.ts';

/** A disk of a few MiB that a test can fill. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no space. */
  fill(database: Database | null): void;
  /** Called when the ballast was given back. */
  ballastFreed(database: Database): void;
  /** Gives back what {@link SmallDisk.fill} took. */
  empty(): void;
}

/** A tmpfs of this size, filled with a real file. Needs root. */
export function mountedDisk(megabytes: number): SmallDisk {
  const folder = tempFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => fillUp(filler),
    ballastFreed: () => undefined,
    empty: () => rmSync(filler, { force: true }),
  };
}

function fillUp(file: string): void {
  const descriptor = openSync(file, 'a');
  try {
    for (const size of [65_536]) {
      const block = Buffer.alloc(size, 1);
      for (let bounded = 0; bounded < 10_000; bounded += 1) writeSync(descriptor, block);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    return;
  } finally {
    closeSync(descriptor);
  }
  throw new Error('the disk did not get full');
}

/** Without root: SQLite itself is told to take no page more (`PRAGMA max_page_count`). */
export function pageLimitedDisk(): SmallDisk {
  const limit = (database: Database | null, pages: number): void =>
    database?.script(`PRAGMA max_page_count = ${pages}`);
  return {
    folder: tempFolder(),
    // SQLite takes a limit below the present size as the present size.
    fill: (database) => limit(database, 1),
    ballastFreed: (database) => limit(database, 300),
    // The limit belongs to the connection: the next one has none.
    empty: () => undefined,
  };
}

/** Whether this machine lets us mount a file system. */
export function canMount(): boolean {
  return process.getuid?.() === 0;
}
