import { chmodSync, closeSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../folders.ts';

const groupAndOthers = 0o077;

/** Presses the entries of a folder onto the disk, so that a new file is still there after a power cut. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the folder (and its parents) where it is missing; only our user may look into it: 0700. */
export function ensurePrivateFolder(folder: string): void {
  makeFolders(folder, 0o700);
  if ((statSync(folder).mode & groupAndOthers) !== 0) chmodSync(folder, 0o700);
}

/**
 * Makes the file (empty) where it is missing; only our user may read it: 0600. SQLite gives its
 * `-wal` and `-shm` the mode of the database file, so no umask has to be changed for them; those
 * that are there already are closed to others here.
 */
export function ensurePrivateFile(file: string): void {
  if (!existsSync(file)) {
    closeSync(openSync(file, 'a', 0o600));
    syncFolder(dirname(file));
  }
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    const mode = statSync(each, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & groupAndOthers) !== 0) chmodSync(each, 0o600);
  }
}
