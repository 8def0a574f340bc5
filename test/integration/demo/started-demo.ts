import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { LabError } from '../../lab/failure.ts';
import { plainEnvironment, repository } from '../../lab/product.ts';
import { until, within } from '../../lab/wait.ts';
import { descendants, type Running } from './processes.ts';

/** A demo that was started as a person starts it. */
export interface StartedDemo {
  readonly npm: ChildProcess;
  /** All that it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Waits for a text on stderr, where the demo speaks of itself. */
  says(text: string): Promise<void>;
  /** Waits for a text on stdout, where the room is. */
  shows(text: string): Promise<void>;
  /** What runs below npm now. The demo itself comes first. */
  processes(): Running[];
  /** Exit code of npm, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** As long as a machine under load may take for a command or a start. */
const patience = { timeoutMs: 150_000, everyMs: 50 };

/** `npm run demo -- ARG…` in the checkout; its stdin stays open until `npm.stdin.end()`. */
export const startDemo = (...args: readonly string[]): StartedDemo => {
  const cache = process.env['XDG_CACHE_HOME'];
  const python = process.env['URTC_LAB_PYTHON'];
  const npm = spawn('npm', ['run', '--silent', 'demo', '--', ...args], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: plainEnvironment({
      ...(cache === undefined ? {} : { XDG_CACHE_HOME: cache }),
      ...(python === undefined ? {} : { URTC_LAB_PYTHON: python }),
    }),
  });
  const printed = { stdout: '', stderr: '' };
  npm.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  npm.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  // A demo that has ended reads nothing any more.
  npm.stdin.on('error', () => undefined);
  // Not 'close': what an orphan would hold open is not to be waited for, but to be found.
  // What it has printed may still be on its way then: it is waited for, but not for ever.
  const closed = once(npm, 'close');
  const ended = once(npm, 'exit')
    .then(() => within('the end of its output', closed, 10_000))
    .catch((error: unknown) => {
      if (!(error instanceof LabError)) throw error;
    })
    .then(() => npm.exitCode ?? npm.signalCode);
  const waitFor = async (stream: 'stdout' | 'stderr', text: string): Promise<void> => {
    await until(
      `"${text}" on ${stream}`,
      () => {
        if (printed[stream].includes(text)) return true;
        if (npm.exitCode === null && npm.signalCode === null) return undefined;
        throw new Error(`the demo has ended without "${text}":\n${printed.stderr}`);
      },
      patience,
    );
  };
  return {
    npm,
    ended,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    says: (text) => waitFor('stderr', text),
    shows: (text) => waitFor('stdout', text),
    processes: () => (npm.pid === undefined ? [] : descendants(npm.pid)),
  };
};
