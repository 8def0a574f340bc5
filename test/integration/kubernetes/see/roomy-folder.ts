import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory, which Linux has. */
const inMemory = '/dev/shm';

/**
 * A folder for the volumes, on a disk with room: how full this machine's own one is must not decide
 * what `health` and `doctor` find. Whoever asks removes it.
 */
export const roomyFolder = (): string =>
  mkdtempSync(join(existsSync(inMemory) ? inMemory : tmpdir(), 'urtc-volumes-'));
