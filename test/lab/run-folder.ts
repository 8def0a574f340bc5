import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './product.ts';

/** Where everything that a run of the lab leaves behind lies; git ignores it. */
export const runsFolder = join(repository, '.lab/runs');

/** What a test has left is kept so long, to be looked at. */
const keptMs = 2 * 60 * 60_000;

let count = 0;

/**
 * When a process began, in clock ticks since the machine was started (proc(5), field 22 of stat):
 * with it nobody is taken for a later process of the same number. Undefined: it has ended.
 */
const beginOf = (pid: string): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold blanks and brackets; what follows its last bracket is fixed.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; nobody has asked for its end yet.
    return state === 'Z' ? undefined : fields[18];
  } catch (error) {
    if (existsSync(`/proc/${pid}`)) throw error;
    return undefined;
  }
};

/** A new folder for one run. Short, because paths of unix sockets must fit into 108 bytes. */
export const newRunFolder = (name: string, runs = runsFolder): string => {
  count += 1;
  const when = Date.now().toString(36);
  const owner = `${process.pid}.${Number(beginOf(String(process.pid))).toString(36)}`;
  const folder = join(runs, `${when}-${owner}-${count}-${name.slice(0, 16)}`);
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** The process that made a folder may still be at it: a soak run takes hours. */
const isInUse = (name: string): boolean => {
  const owner = /^[0-9a-z]+-(\d+)(?:\.([0-9a-z]+))?-/.exec(name);
  const [, pid, begin] = owner ?? [];
  if (pid === undefined) return false;
  const present = beginOf(pid);
  if (present === undefined) return false;
  // Of a folder that does not tell when its process began, any process of that number is the one.
  return begin === undefined || parseInt(begin, 36) === Number(present);
};

/** Of one that has ended everything was on the screen; a test's may be what its failure is found by. */
const isDemo = (name: string): boolean => name.endsWith('-demo');

/**
 * Removes what runs whose process has ended left: demos at once, others if they began more than two
 * hours ago.
 */
export const sweepRuns = (runs = runsFolder, now = Date.now()): void => {
  if (!existsSync(runs)) return;
  for (const name of readdirSync(runs)) {
    if (isInUse(name)) continue;
    const folder = join(runs, name);
    // Two processes may sweep at once: what is gone is as good as removed.
    const entry = statSync(folder, { throwIfNoEntry: false });
    if (entry !== undefined && (isDemo(name) || now - entry.mtimeMs > keptMs)) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
};
