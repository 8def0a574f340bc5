import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { launcher, plainEnvironment } from '../../lab/product.ts';

/** A call of `urtc` that is watched while it runs. */
export interface RunningCall {
  readonly child: ChildProcess;
  /** All that it has written so far. */
  shown(): string;
  readonly ended: Promise<number | null>;
}

function watch(child: ChildProcess): RunningCall {
  let text = '';
  const keep = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return { child, shown: () => text, ended: once(child, 'close').then(() => child.exitCode) };
}

/** Starts `urtc ARG…` without a terminal. */
export function startCall(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCall {
  return watch(
    spawn(process.execPath, [launcher, ...args], {
      env: plainEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Runs the program on a terminal of its own (pty) and hands through what is typed and shown. */
const onTerminal = `
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`;

/** Starts `urtc ARG…` on a terminal; what is written to its stdin is typed there. */
export function startOnTerminal(python: string, args: readonly string[]): RunningCall {
  return watch(
    spawn(python, ['-I', '-c', onTerminal, process.execPath, launcher, ...args], {
      env: plainEnvironment({ TERM: 'xterm', NO_COLOR: '1' }),
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  );
}
