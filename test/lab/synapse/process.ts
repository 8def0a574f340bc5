import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, type Writable } from 'node:stream';
import { LabError } from '../failure.ts';
import { within } from '../wait.ts';
import { nurserySocket } from './nursery.ts';

/** How a Synapse comes to be: forked where the run has a nursery, else started anew. */
const beginning = (): string[] => {
  const nursery = nurserySocket();
  return nursery === null
    ? [join(import.meta.dirname, 'launch.py')]
    : ['-S', join(import.meta.dirname, 'admit.py'), nursery];
};

/** What one run of Synapse is started with. */
export interface SynapseRun {
  readonly python: string;
  readonly configFile: string;
  /** For the output file and the log. */
  readonly folder: string;
  readonly clockOffsetMs: number;
}

/** One running Synapse. */
export interface SynapseProcess {
  readonly pid: number;
  /** Moves its time of day: milliseconds ahead (or behind, negative) of the true one. */
  setClock(offsetMs: number): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>;
}

/** Thrown when the port was taken between being picked and being used. */
export class PortTaken extends LabError {}

const readEnd = (file: string): string =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-15).join('\n') : '';

const whyItEnded = (folder: string, code: string): LabError => {
  const ends = [readEnd(join(folder, 'output.txt')), readEnd(join(folder, 'homeserver.log'))];
  const text = `Synapse ended while starting (${code}). Its last lines:\n${ends.join('\n')}`;
  return /address already in use|CannotListenError/i.test(text)
    ? new PortTaken(text)
    : new LabError(text);
};

const streamsOf = (child: ChildProcess): { input: Writable; notices: Readable } => {
  const notices = child.stdio[3];
  if (child.stdin === null || !(notices instanceof Readable)) {
    throw new LabError('Synapse was started without its pipes');
  }
  return { input: child.stdin, notices };
};

/**
 * Starts Synapse by `launch.py` and returns once it listens. It dies with this process.
 *
 * @throws PortTaken when another program took the port; LabError when it ended for another reason.
 */
export const runSynapse = async (run: SynapseRun): Promise<SynapseProcess> => {
  const output = openSync(join(run.folder, 'output.txt'), 'w');
  const child = spawn(
    run.python,
    // -I: no PYTHON* variable and no folder of the caller changes what is imported.
    ['-I', ...beginning(), run.configFile, String(run.clockOffsetMs)],
    // A Ctrl-C is for whoever started it: the bot must not lose its home server before it ends.
    { stdio: ['pipe', output, output, 'pipe'], detached: true },
  );
  closeSync(output);
  let isOver = false;
  const ended = once(child, 'close').then(() => {
    isOver = true;
  });
  const { input, notices } = streamsOf(child);
  // A line written to one that was just killed is lost; who waits for its answer is told below.
  input.on('error', () => undefined);

  const lines = createInterface({ input: notices });
  const hear = async (line: RegExp): Promise<string> => {
    const heard = new Promise<string>((resolve) => {
      lines.on('line', (said) => {
        const [found] = line.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    const silenced = ended.then(() => {
      throw whyItEnded(run.folder, String(child.exitCode ?? child.signalCode));
    });
    return await within(`${line.source} from Synapse`, Promise.race([heard, silenced]), 60_000);
  };

  const [, line] = await Promise.all([hear(/^ready$/), hear(/^pid \d+$/)]);
  const pid = Number(line.slice('pid '.length));
  return {
    pid,
    ended,
    signal: (signal) => {
      if (isOver) return;
      try {
        process.kill(pid, signal);
      } catch (error) {
        // The nursery learns of its end before we do.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    },
    setClock: async (offsetMs) => {
      const moved = hear(new RegExp(`^clock ${offsetMs}$`));
      input.write(`${offsetMs}\n`);
      await moved;
    },
  };
};
