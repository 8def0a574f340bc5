import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './private-files.ts';
import { isNoSpace } from './sqlite-failure.ts';

const mebibyte = 1024 * 1024;
/** `st_blocks` counts blocks of this many bytes, whatever the file system's own are (stat(2)). */
const statBlock = 512;

/** Free bytes that an ordinary user may still fill on the file system of `path`. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

function isWhole(file: string, bytes: number): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.size === bytes && found.blocks * statBlock >= bytes;
}

function write(file: string, bytes: number): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    const block = Buffer.alloc(Math.min(bytes, mebibyte));
    for (let written = 0; written < bytes;) {
      // Random: a file system that compresses or leaves out zeros would reserve nothing.
      randomFillSync(block);
      written += writeSync(descriptor, block, 0, Math.min(block.length, bytes - written));
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes sure that `file` takes up `bytes` on the disk for real (not sparse). Returns false, with
 * nothing left behind, where that would leave less than half as much again: a ballast that fills
 * the disk would only bring about what it is for.
 */
export function ensureBallast(file: string, bytes: number): boolean {
  if (isWhole(file, bytes)) return true;
  const unfinished = `${file}.new`;
  rmSync(file, { force: true });
  rmSync(unfinished, { force: true });
  if (freeBytes(dirname(file)) < bytes * 1.5) return false;
  try {
    write(unfinished, bytes);
    renameSync(unfinished, file);
    syncFolder(dirname(file));
    return true;
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (isNoSpace(error)) return false;
    throw error;
  }
}

/** Gives the space back. Returns whether there was any. */
export function freeBallast(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false;
  // Some copy-on-write file systems can't remove a name while they are full, but can shorten a file.
  truncateSync(file, 0);
  rmSync(file);
  return true;
}
