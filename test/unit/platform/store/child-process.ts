import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { bundledChildren } from '../../bundled-children.ts';

/** A child process of a test and the lines that it has printed. */
export interface Child {
  readonly pid: number;
  readonly lines: readonly string[];
  /** Resolves with the first line that begins so; rejects when the child ends before. */
  line(beginning: string): Promise<string>;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Resolves with the exit code when the process has ended and all its lines are here. */
  ended: Promise<number | null>;
}

const children = await bundledChildren(join(import.meta.dirname, 'children'));

/** Runs `children/<name>.ts` with this Node; it is killed when the test ends. */
export function startChild(name: string, args: readonly string[]): Child {
  const script = join(children, `${name}.mjs`);
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    process.execPath,
    ['--expose-gc', script, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let open = true;
  const notify = (): void => {
    for (const look of waiting) look();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    notify();
  });
  const ended = once(child, 'close').then(() => {
    open = false;
    notify();
    return child.exitCode;
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  return {
    pid: child.pid ?? -1,
    lines,
    kill,
    ended,
    line: (beginning) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => line.startsWith(beginning));
          if (found === undefined && open) return;
          waiting.delete(look);
          if (found === undefined) reject(new Error(`ended without a line "${beginning}…"`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
