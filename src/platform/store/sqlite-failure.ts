import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html); the low byte of an extended code. */
const primary = { ioError: 10, corrupt: 11, full: 13, notADatabase: 26 } as const;

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

/** Whether a failure of Node's own file functions says that there is no space (or no quota) left. */
export function isNoSpace(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ENOSPC' || error.code === 'EDQUOT';
}

/**
 * SQLite says "disk I/O error" for a full disk where it grows the shared memory file or hits a
 * quota, and for a broken one: writing a little by ourselves tells which it is.
 */
function noSpaceIn(folder: string): boolean {
  const probe = join(folder, `.space-probe-${process.pid}`);
  try {
    const descriptor = openSync(probe, 'w', 0o600);
    try {
      writeSync(descriptor, Buffer.alloc(65_536, 1));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return false;
  } catch (error) {
    return isNoSpace(error);
  } finally {
    rmSync(probe, { force: true });
  }
}

/**
 * What a damaged file means: `E_STORE_CORRUPT` where it holds what only a backup brings back,
 * `E_STORE_SPARE_CORRUPT` where all of it is made anew.
 */
export type DamageCode = 'E_STORE_CORRUPT' | 'E_STORE_SPARE_CORRUPT' | 'E_CRYPTO_STORE_CORRUPT';

/** The error for a damaged file. */
export function damagedFile(
  file: string,
  reason: string,
  code: DamageCode,
  cause?: unknown,
): AppError {
  const files = [file, `${file}-wal`, `${file}-shm`].map(shellWord).join(' ');
  return new AppError(code, { file, reason, command: `rm -f -- ${files}` }, cause);
}

/**
 * What a failure of SQLite means for us: an `AppError` `E_STORE_FULL` or `damaged` with the failure
 * as its cause; anything else comes back as it was.
 */
export function explainFailure(
  error: unknown,
  file: string,
  damaged: DamageCode = 'E_STORE_CORRUPT',
): unknown {
  if (isNoSpace(error)) return new AppError('E_STORE_FULL', { file }, error);
  switch (resultCode(error)) {
    case primary.full:
      return new AppError('E_STORE_FULL', { file }, error);
    case primary.ioError:
      return noSpaceIn(dirname(file)) ? new AppError('E_STORE_FULL', { file }, error) : error;
    case primary.corrupt:
    case primary.notADatabase:
      return damagedFile(
        file,
        error instanceof Error ? error.message : String(error),
        damaged,
        error,
      );
    default:
      return error;
  }
}
