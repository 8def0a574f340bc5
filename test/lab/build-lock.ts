import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LabError } from './failure.ts';
import { until } from './wait.ts';

/** SQLite's result code for "somebody else holds the lock". */
const busy = 5;

const isBusy = (thrown: unknown): boolean =>
  thrown instanceof Error && 'errcode' in thrown && thrown.errcode === busy;

/** Who waits for a lock is told once, and gives up after this long. */
export interface LockOptions {
  readonly timeoutMs?: number;
  readonly onWait?: () => void;
}

/**
 * Runs `work` while no other process is inside `withBuildLock` for the same file.
 *
 * The lock is an exclusive transaction on a small SQLite file, which is a lock of the
 * kernel: when its holder is killed it is free at once, so none can be left behind.
 *
 * @throws LabError when the lock is not free within `timeoutMs` (default 15 minutes).
 */
export const withBuildLock = async <T>(
  file: string,
  work: () => Promise<T>,
  { timeoutMs = 15 * 60_000, onWait }: LockOptions = {},
): Promise<T> => {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(file, { timeout: 0 });
  let waited = false;
  try {
    await until(
      `the lock ${file}`,
      () => {
        try {
          lock.exec('BEGIN EXCLUSIVE');
          return true;
        } catch (error) {
          if (!isBusy(error)) throw new LabError(`cannot lock ${file}`, { cause: error });
          if (!waited) onWait?.();
          waited = true;
          return undefined;
        }
      },
      { timeoutMs, everyMs: 100 },
    );
    return await work();
  } finally {
    lock.close();
  }
};
