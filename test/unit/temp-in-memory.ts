/** Set-up of the unit tests: their temporary files lie in memory where the machine has room for them. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

const memory = '/dev/shm';
const prefix = 'urtc-unit-';
/** Bytes; they take some 100 MB at once. */
const needed = 2 * 1024 ** 3;

/** Containers have a small one, or one where no program may be started. */
function isFit(): boolean {
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, path]) => path === memory);
  if (mount === undefined || mount[3]?.split(',').includes('noexec') === true) return false;
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize >= needed;
}

/** Of runs that were killed. */
function removeLeft(): void {
  for (const name of readdirSync(memory)) {
    if (!name.startsWith(prefix) || existsSync(`/proc/${name.slice(prefix.length)}`)) continue;
    rmSync(join(memory, name), { recursive: true, force: true });
  }
}

/**
 * Tens of thousands of commits that each wait for the disk are a tenth of the processor time and half of
 * the whole. None of these tests takes the machine's power away, and a killed process finds in memory
 * what it would find on a disk.
 */
export default function setUp(project: TestProject): (() => void) | undefined {
  if (!isFit()) return undefined;
  removeLeft();
  const folder = join(memory, `${prefix}${process.pid}`);
  mkdirSync(folder, { recursive: true });
  // As /tmp is: some tests ask what another user may read.
  chmodSync(folder, 0o1777);
  project.config.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
