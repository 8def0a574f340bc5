import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from './failure.ts';
import { launcher, plainEnvironment } from './product.ts';
import { until } from './wait.ts';

/** How the bot ended. */
export interface BotExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a bot is started with. */
export interface BotOptions {
  readonly configFile: string;
  /** Where it serves /livez, /readyz and /metrics, as in its config. */
  readonly httpUrl: string;
  /** A Python, for the few lines that tie the bot's life to ours. */
  readonly python: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A bot that runs as in production, in a process of its own that dies with this one. */
export interface BotProcess {
  readonly pid: number;
  readonly configFile: string;
  readonly httpUrl: string;
  /** All that it writes to stdout and stderr, over all starts with this config. */
  readonly logFile: string;
  readonly exited: Promise<BotExit>;
  /** What it has written since it was started. */
  output(): string;
  /**
   * Waits for `/readyz` 200 and returns how many milliseconds after the start that was.
   *
   * @throws LabError with the bot's last lines when it ends before or takes longer.
   */
  ready(timeoutMs?: number): Promise<number>;
  /** Status of a GET of the bot's own HTTP port (`/readyz`); 0 when nobody listens. */
  status(path: string): Promise<number>;
  /** Body of a GET of the bot's own HTTP port (`/metrics`). */
  page(path: string): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM; returns when it has ended. */
  term(): Promise<BotExit>;
  /** kill -9; returns when it is gone. */
  kill9(): Promise<BotExit>;
}

const wrapper = join(import.meta.dirname, 'die-with-parent.py');

/**
 * A bot says in its log how far it is: its page is asked then, or after so many milliseconds. Asked at
 * each look, it would be a fifth of what a start costs.
 */
const unaskedMs = 250;

/** Starts `node bin/urtc.cjs bot --config FILE`. Does not wait until it is ready. */
export const startBot = ({ configFile, httpUrl, python, env }: BotOptions): BotProcess => {
  const startedAt = performance.now();
  const folder = dirname(configFile);
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'bot.log');
  const log = openSync(logFile, 'a');
  const before = readFileSync(logFile).length;
  const command = [process.execPath, launcher, 'bot', '--config', configFile];
  const child = spawn(python, ['-I', '-S', wrapper, String(process.pid), ...command], {
    stdio: ['ignore', log, log],
    // A Ctrl-C is for whoever started it: he ends the bot when and how he likes.
    detached: true,
    env: plainEnvironment(env),
    cwd: folder,
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new LabError(`the bot could not be started with ${python}`);

  let exit: BotExit | undefined;
  const exited = once(child, 'exit').then(() => {
    exit = { code: child.exitCode, signal: child.signalCode };
    return exit;
  });
  const output = (): string => readFileSync(logFile).subarray(before).toString();
  const status = async (path: string): Promise<number> => {
    try {
      const response = await fetch(`${httpUrl}${path}`);
      await response.arrayBuffer();
      return response.status;
    } catch (error) {
      if (error instanceof TypeError) return 0;
      throw error;
    }
  };
  const end = (signal: NodeJS.Signals): Promise<BotExit> => {
    child.kill(signal);
    return exited;
  };
  return {
    pid,
    configFile,
    httpUrl,
    logFile,
    exited,
    output,
    status,
    page: async (path) => (await fetch(`${httpUrl}${path}`)).text(),
    ready: async (timeoutMs = 90_000) => {
      const lastLines = (): string => output().trimEnd().split('\n').slice(-15).join('\n');
      let seen = { bytes: before, at: performance.now() };
      const look = async (): Promise<true | undefined> => {
        if (exit !== undefined) {
          throw new LabError(`the bot ended (${exit.code ?? exit.signal ?? ''}):\n${lastLines()}`);
        }
        const now = { bytes: statSync(logFile).size, at: performance.now() };
        if (now.bytes === seen.bytes && now.at - seen.at < unaskedMs) return undefined;
        seen = now;
        return (await status('/readyz')) === 200 ? true : undefined;
      };
      await until(`the bot's readiness (log: ${logFile})`, look, {
        // It is measured, and mostly only looks how long a file is.
        ...{ timeoutMs, everyMs: 20 },
      });
      return performance.now() - startedAt;
    },
    signal: (signal) => void child.kill(signal),
    term: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
  };
};
