import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './product.ts';

/** Where everything that a run of the lab leaves behind lies; git ignores it. */
export const runsFolder = join(repository, '.lab/runs');

/** What a test has left is kept so long, to be looked at. */
const keptMs = 2 * 60 * 60_000;

let count = 0;

/** A new folder for one run. Short, because paths of unix sockets must fit into 108 bytes. */
export const newRunFolder = (name: string, runs = runsFolder): string => {
  count += 1;
  const when = Date.now().toString(36);
  const folder = join(runs, `${when}-${process.pid}-${count}-${name.slice(0, 16)}`);
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** The process that made a folder may still be at it: a soak run takes hours. */
const isInUse = (name: string): boolean => {
  const pid = name.split('-')[1] ?? '';
  return /^\d+$/.test(pid) && existsSync(`/proc/${pid}`);
};

/** Removes what runs that have ended left, if they began more than two hours ago. */
export const sweepRuns = (runs = runsFolder, now = Date.now()): void => {
  if (!existsSync(runs)) return;
  for (const name of readdirSync(runs)) {
    if (isInUse(name)) continue;
    const folder = join(runs, name);
    // Two processes may sweep at once: what is gone is as good as removed.
    const entry = statSync(folder, { throwIfNoEntry: false });
    if (entry !== undefined && now - entry.mtimeMs > keptMs) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
};
