import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, type Progress } from '../cache.ts';
import { LabError, textOf } from '../failure.ts';
import { runProgram } from '../program.ts';
import { findPython, type Python } from './python.ts';

/** A Synapse that is ready to be started. */
export interface Installation {
  /** The interpreter of the venv that holds Synapse. */
  readonly python: string;
  /** What tells this installation from any other, for keys of what is made with it. */
  readonly key: string;
}

const requirements = join(import.meta.dirname, 'requirements.txt');

/** Change this when the steps below change, so that nobody keeps what the old ones made. */
const recipe = '1';

const explain = (error: unknown, python: Python): LabError =>
  new LabError(
    [
      textOf(error),
      `Synapse could not be installed for ${python.path} (${python.machine}).`,
      'Next: check that pip reaches its package index (network, proxy), then run this again.',
      'Synapse is taken as a ready-made wheel only: x86_64 and aarch64 with glibc or musl.',
    ].join('\n'),
    { cause: error },
  );

const build = async (
  python: Python,
  folder: string,
  final: string,
  progress?: Progress,
): Promise<void> => {
  const inVenv = join(folder, 'bin/python');
  progress?.('Synapse: making a Python environment');
  await runProgram(python.path, ['-m', 'venv', folder]);
  progress?.('Synapse: downloading and installing (about 60 packages, once per machine)');
  await runProgram(inVenv, [
    ...['-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check'],
    ...['--no-deps', '--only-binary', ':all:', '--require-hashes', '-r', requirements],
  ]);
  progress?.('Synapse: compiling its Python files');
  // -s and -p: the files are told the paths that they will have after the rename.
  await runProgram(inVenv, [
    ...['-m', 'compileall', '-q', '-j', '0', '--invalidation-mode', 'unchecked-hash'],
    ...['-s', folder, '-p', final, join(folder, 'lib')],
  ]);
  await runProgram(inVenv, ['-c', 'import synapse.app.homeserver']);
};

const install = async (progress?: Progress): Promise<Installation> => {
  const python = await findPython();
  const madeOf = [recipe, readFileSync(requirements, 'utf8'), python.version, python.machine];
  const folder = await cached({
    name: 'synapse',
    madeOf,
    progress,
    build: async (unfinished, final) => {
      try {
        await build(python, unfinished, final, progress);
      } catch (error) {
        throw explain(error, python);
      }
    },
  });
  return { python: join(folder, 'bin/python'), key: folder };
};

let installed: Promise<Installation> | undefined;

/**
 * Makes sure that the pinned Synapse is installed in the cache and returns it. The first time
 * takes about half a minute plus the download, later a few milliseconds.
 *
 * @throws LabError with cause and next step: no Python, no network, a hash that differs.
 */
export const installSynapse = (progress?: Progress): Promise<Installation> => {
  // Once per process is enough: asking Python for its version costs a tenth of a second.
  installed ??= install(progress);
  return installed;
};
