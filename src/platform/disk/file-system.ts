import { readFile, statfs } from 'node:fs/promises';

/** How full a file system is. */
export interface FileSystem {
  /** Where it is mounted. */
  readonly mountPoint: string;
  readonly totalBytes: number;
  /** What a process without special rights may still write. */
  readonly freeBytes: number;
  /** Of 1: how many of its files can still be made; null where it does not count them. */
  readonly freeFiles: number | null;
}

/** Octal escapes of blanks in mountinfo (proc(5)). */
const escaped = /\\([0-7]{3})/g;

function mountPoints(mountInfo: string): readonly string[] {
  return mountInfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((point) => point !== undefined)
    .map((point) =>
      point.replaceAll(escaped, (_all, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    );
}

/** The mount point that holds a path: the longest that is the path or a folder above it. */
export function mountPointOf(path: string, mountInfo: string): string {
  const holds = (point: string): boolean =>
    point === '/' || path === point || path.startsWith(`${point}/`);
  const found = mountPoints(mountInfo).filter(holds);
  return found.reduce((longest, point) => (point.length > longest.length ? point : longest), '/');
}

/**
 * Measures the file system under a path. The folder itself may be closed to us (K3s keeps its own
 * from others): then its mount point is measured, which is the same file system. Null where that is
 * closed, too, or there is no `/proc`.
 */
export async function fileSystemUnder(path: string): Promise<FileSystem | null> {
  try {
    const mountPoint = mountPointOf(path, await readFile('/proc/self/mountinfo', 'utf8'));
    const { bsize, blocks, bavail, files, ffree } = await statfs(mountPoint);
    return {
      mountPoint,
      totalBytes: blocks * bsize,
      freeBytes: bavail * bsize,
      freeFiles: files === 0 ? null : ffree / files,
    };
  } catch (error) {
    // Not there or not ours to see; whoever asked says so.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
