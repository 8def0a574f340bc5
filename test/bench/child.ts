import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LabError } from '../lab/failure.ts';
import { plainEnvironment } from '../lab/product.ts';
import { within } from '../lab/wait.ts';

const wrapper = join(import.meta.dirname, '../lab/die-with-parent.py');

/** A Node program of the bench that says "ready" on stdout when it is. */
export interface Child {
  readonly pid: number;
  /** Milliseconds from its start to "ready". */
  readonly readyMs: number;
  end(): Promise<void>;
}

/**
 * Starts a program of this folder the way bots are started, so that both pay the same for it.
 *
 * @throws LabError when it ends without having said "ready".
 */
export const startChild = async (
  python: string,
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<Child> => {
  const startedAt = performance.now();
  const file = join(import.meta.dirname, program);
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', file];
  const child = spawn(python, ['-I', '-S', wrapper, String(process.pid), ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: plainEnvironment(env),
  });
  const ended = once(child, 'exit');
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve();
    });
  });
  const early = ended.then(() => {
    throw new LabError(`${program} ended before it was ready`);
  });
  await within(`"ready" from ${program}`, Promise.race([ready, early]), 60_000);
  return {
    pid: pidOf(child, program),
    readyMs: performance.now() - startedAt,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

const pidOf = ({ pid }: ChildProcess, program: string): number => {
  if (pid === undefined) throw new LabError(`${program} has no process id`);
  return pid;
};

/** Resident memory of a process in MB (10⁶ bytes), as Linux counts it (VmRSS of proc(5)). */
export const residentMb = (pid: number): number => {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new LabError(`process ${pid} has no resident memory`);
  return (Number(kib) * 1024) / 1e6;
};

/** Linux counts processor time in hundredths of a second (USER_HZ) on all machines that Node runs on. */
const tickMs = 10;

/** Processor time that a process has used so far, its own and the kernel's for it, in ms. */
export const processorMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name may hold blanks; after its bracket, utime and stime are fields 14 and 15 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
};
