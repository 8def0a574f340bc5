import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../failure.ts';
import { installSynapse } from '../synapse/install.ts';
import { until } from '../wait.ts';

/** A program that serves on loopback, and says at `readyPath` when it does. */
export interface LoopbackServerOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Where it will serve. */
  readonly url: string;
  readonly readyPath: string;
  /** Its log is written here. */
  readonly folder: string;
  /** Until it must be ready. Default: 30 s. */
  readonly timeoutMs?: number;
}

/** One that serves. */
export interface LoopbackServer {
  readonly url: string;
  /** kill -9; returns when it is gone. */
  kill(): Promise<void>;
}

const wrapper = join(import.meta.dirname, '../die-with-parent.py');

/** Starts it, and returns when it is ready. It dies with this process. @throws LabError with its log. */
export const startLoopbackServer = async (
  options: LoopbackServerOptions,
): Promise<LoopbackServer> => {
  const { name, program, args, url, readyPath, folder, timeoutMs = 30_000 } = options;
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const { python } = await installSynapse();
  const command = ['-I', '-S', wrapper, String(process.pid), program, ...args];
  const child = spawn(python, command, { stdio: ['ignore', log, log], cwd: folder });
  closeSync(log);
  const isReady = async (): Promise<true | undefined> => {
    if (child.exitCode !== null) throw new LabError(readFileSync(logFile, 'utf8').slice(-2000));
    try {
      return (await fetch(`${url}${readyPath}`)).ok ? true : undefined;
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  };
  await until(name, isReady, { timeoutMs, everyMs: 50 });
  return {
    url,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};
