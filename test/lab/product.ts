import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The root of the checkout. */
export const repository = join(import.meta.dirname, '../..');

/** What people start: on a server it is `urtc` on the PATH. */
export const launcher = join(repository, 'bin/urtc.cjs');

/**
 * The environment of a server, not that of a test run: nothing that the product could read by
 * accident, such as NODE_OPTIONS or VITEST. Where a run of tests keeps compiled code, its starts share it.
 */
export const plainEnvironment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const compiled = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
  return { PATH, HOME, LANG: 'C.UTF-8', ...compiled, ...more };
};

/** How a call of the product on the terminal ended. */
export interface TerminalResult {
  /** Exit code; of one that a signal ended, -1. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the product is called on the terminal. */
export interface TerminalOptions {
  /** What it reads from stdin (no TTY). Default: nothing. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Default 60 s; then it is killed. */
  readonly timeoutMs?: number;
}

/** Runs `urtc ARG…` to its end, as a person or a script on the server does. */
export const urtc = (
  args: readonly string[],
  { input = '', env = {}, cwd, timeoutMs = 60_000 }: TerminalOptions = {},
): Promise<TerminalResult> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [launcher, ...args],
      {
        env: plainEnvironment(env),
        ...(cwd === undefined ? {} : { cwd }),
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
      },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stdout, stderr });
      },
    );
    // It may end before it has read all: then there is nobody to tell.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });

/** A call of the product on the terminal that goes on. */
export interface GoingOn {
  /** What it has written to stdout so far. */
  readonly stdout: () => string;
  /** Ctrl-C. */
  interrupt(): void;
  /** Its exit code, once it has ended; of one that a signal ended, -1. */
  readonly ended: Promise<number>;
}

/** Starts `urtc ARG…`. The caller ends it. */
export const startUrtc = (args: readonly string[], cwd: string): GoingOn => {
  const child = spawn(process.execPath, [launcher, ...args], {
    ...{ cwd, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] },
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const ended = once(child, 'close').then(() => child.exitCode ?? -1);
  return { stdout: () => stdout, interrupt: () => child.kill('SIGINT'), ended };
};
