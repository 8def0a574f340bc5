import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { type Clock, systemClock } from '../clock.ts';
import { ensurePrivateFile, ensurePrivateFolder } from './private-files.ts';
import { explainFailure, isNoSpace } from './sqlite-failure.ts';

/** Who holds the lock, as far as that process has told. */
export interface LockHolder {
  /** Process id; null: it holds the lock but has not told yet. */
  readonly pid: number | null;
  /** Since when, ms since the epoch. */
  readonly since: number | null;
}

/** The right to write into a data folder. */
export interface StoreLock {
  /** Gives it back; the end of the process does the same, also by kill -9. */
  release(): void;
}

/** How to get the lock when another process has it. */
export interface LockOptions {
  /** Wait for it instead of failing. */
  readonly wait?: {
    /** Stops waiting; the reason is thrown. */
    readonly signal: AbortSignal;
    /** Called when the waiting begins and then every 5 s, so that a person sees it. */
    onWaiting(holder: LockHolder): void;
  };
  readonly clock?: Clock;
}

const pollEveryMs = 200;
const tellEveryMs = 5000;
const sqliteBusy = 5;

const holderFile = z.object({ pid: z.int(), since: z.number() });

/** A connection that is collected as garbage would let go of the lock: held ones stay reachable. */
const held = new Set<DatabaseSync>();

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}

/** The kernel's lock on `lock.sqlite`, or null where another process has it. */
function tryLock(file: string): DatabaseSync | null {
  const sqlite = new DatabaseSync(file, { timeout: 0 });
  try {
    // SQLite writes a first page into an empty file. After that nothing is ever written, so that the
    // lock can be had on a full disk as well.
    if (statSync(file).size === 0) sqlite.exec('PRAGMA user_version = 1');
    sqlite.exec('BEGIN EXCLUSIVE');
    return sqlite;
  } catch (error) {
    sqlite.close();
    if (isBusy(error)) return null;
    throw explainFailure(error, file, 'E_STORE_SPARE_CORRUPT');
  }
}

function readHolder(file: string): LockHolder {
  try {
    return holderFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Only a courtesy to the reader: the lock itself doesn't depend on this file.
    return { pid: null, since: null };
  }
}

function tellHolder(file: string, holder: LockHolder): void {
  try {
    writeFileSync(file, JSON.stringify(holder), { mode: 0o600 });
  } catch (error) {
    // On a full disk others read `?` instead of the process id; the lock holds all the same.
    if (!isNoSpace(error)) throw error;
  }
}

function holding(sqlite: DatabaseSync, note: string): StoreLock {
  held.add(sqlite);
  return {
    release: () => {
      if (!held.delete(sqlite)) return;
      rmSync(note, { force: true });
      sqlite.close();
    },
  };
}

/**
 * Makes this process the only writer of the data folder: an exclusive transaction on `lock.sqlite`
 * is held open, which the kernel ends with the process however it dies. Who has it stands in
 * `lock.json` beside it, for people.
 *
 * Throws `E_STORE_LOCKED` at once, or waits where `wait` is given.
 */
export async function acquireLock(dataDir: string, options: LockOptions = {}): Promise<StoreLock> {
  const clock = options.clock ?? systemClock;
  ensurePrivateFolder(dataDir);
  const file = join(dataDir, 'lock.sqlite');
  const note = join(dataDir, 'lock.json');
  ensurePrivateFile(file);
  let toldAt: number | null = null;
  for (;;) {
    const sqlite = tryLock(file);
    if (sqlite !== null) {
      const lock = holding(sqlite, note);
      tellHolder(note, { pid: process.pid, since: clock.now() });
      return lock;
    }
    const holder = readHolder(note);
    if (options.wait === undefined) {
      throw new AppError('E_STORE_LOCKED', { pid: String(holder.pid ?? '?'), folder: dataDir });
    }
    options.wait.signal.throwIfAborted();
    if (toldAt === null || clock.monotonic() - toldAt >= tellEveryMs) {
      toldAt = clock.monotonic();
      options.wait.onWaiting(holder);
    }
    await clock.sleep(pollEveryMs, options.wait.signal);
  }
}
