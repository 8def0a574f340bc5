import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LabError } from '../failure.ts';
import { plainEnvironment } from '../product.ts';
import { until, within } from '../wait.ts';

const wrapper = join(import.meta.dirname, '../die-with-parent.py');

/** A program of the cluster to be started. */
export interface DaemonStart {
  readonly program: string;
  readonly args: readonly string[];
  /** For its output: `kine.log`. It is also where it runs. */
  readonly folder: string;
  /** A Python, for the few lines that tie its life to ours. */
  readonly python: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A running program of the cluster. It dies with this process, however this process ends. */
export interface Daemon {
  readonly name: string;
  readonly pid: number;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>;
  /**
   * Waits until `look` says true.
   *
   * @throws LabError with the program's last lines when it ends before or takes longer.
   */
  ready(look: () => Promise<boolean>, timeoutMs: number): Promise<void>;
  /** SIGTERM, and after 5 s SIGKILL; returns when it is gone. */
  stop(): Promise<void>;
  /** kill -9; returns when it is gone. */
  kill(): Promise<void>;
}

/** Starts a program of the cluster; does not wait until it is of use. */
export const startDaemon = ({ program, args, folder, python, env }: DaemonStart): Daemon => {
  const name = basename(program);
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const begin = readFileSync(logFile).length;
  const child = spawn(
    python,
    ['-I', '-S', wrapper, String(process.pid), program, ...args],
    // A Ctrl-C is for whoever started it: he ends the cluster when and how he likes.
    { stdio: ['ignore', log, log], detached: true, cwd: folder, env: plainEnvironment(env) },
  );
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new LabError(`${name} could not be started with ${python}`);
  const ended = once(child, 'exit').then(() => undefined);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const lastLines = (): string =>
    readFileSync(logFile).subarray(begin).toString().trimEnd().split('\n').slice(-15).join('\n');

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!hasEnded()) child.kill(signal);
    await ended;
  };
  return {
    name,
    pid,
    ended,
    ready: async (look, timeoutMs) => {
      const isReady = async (): Promise<true | undefined> => {
        if (hasEnded()) throw new LabError(`${name} ended while starting:\n${lastLines()}`);
        return (await look()) ? true : undefined;
      };
      try {
        await until(`${name} (log: ${logFile})`, isReady, { timeoutMs, everyMs: 50 });
      } catch (error) {
        if (hasEnded() || !(error instanceof LabError)) throw error;
        throw new LabError(`${error.message}\n${lastLines()}`, { cause: error });
      }
    },
    stop: async () => {
      try {
        await within(`the end of ${name}`, end('SIGTERM'), 5000);
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        await end('SIGKILL');
      }
    },
    kill: () => end('SIGKILL'),
  };
};
