import { join } from 'node:path';
import { z } from 'zod';
import { cached, type Progress } from '../cache.ts';
import { findGo, goEnvironment } from '../encrypted/go-toolchain.ts';
import { LabError, textOf } from '../failure.ts';
import { foldersOnPath, ownProgram } from '../own-program.ts';
import { runProgram } from '../program.ts';

/** The chart's, and what its module calls it; its checksum is in Go's checksum database. */
const release = '3.14.0';
const module = 'github.com/prometheus/prometheus';
const version = 'v0.314.0';

/** Change this when the steps below change. */
const recipe = '1';

const downloaded = z.object({ Dir: z.string() });

/**
 * Without its page (that is built with npm, and read from a folder when it is asked for) and without
 * the clients of all clouds (`remove_all_sd`), which are most of what there is to compile.
 */
const build = async (progress?: Progress): Promise<string> => {
  const go = await findGo(progress);
  const folder = await cached({
    name: 'prometheus',
    madeOf: [recipe, go.version, module, version],
    progress,
    build: async (unfinished) => {
      progress?.('Prometheus: building (about four minutes, once per machine)');
      // Its go.work names folders that the module does not hold.
      const env = { ...goEnvironment(), GOWORK: 'off' };
      try {
        const told = await runProgram(
          go.path,
          ['mod', 'download', '-json', `${module}@${version}`],
          { env, cwd: unfinished },
        );
        const { Dir } = downloaded.parse(JSON.parse(told));
        const flags = ['-trimpath', '-mod', 'readonly', '-tags', 'remove_all_sd'];
        const name = `-X github.com/prometheus/common/version.Version=${release}`;
        const what = ['-ldflags', `-s -w ${name}`, './cmd/prometheus', './cmd/promtool'];
        const command = [go.path, 'build', ...flags, '-o', `${unfinished}/`, ...what];
        await runProgram('nice', ['-n', '19', ...command], { cwd: Dir, env });
      } catch (error) {
        throw new LabError(
          [
            textOf(error),
            `Prometheus ${version} could not be built with ${go.path} (${go.version}).`,
            'Next: check that Go reaches its module proxy (network, GOPROXY), then run this again.',
          ].join('\n'),
          { cause: error },
        );
      }
    },
  });
  return folder;
};

/** The programs of Prometheus, by their path. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/** Those of exactly the needed version that the machine has already; undefined: it has not both. */
export const ownPrometheus = async (
  folders: readonly string[] = foldersOnPath(process.env),
): Promise<PrometheusPrograms | undefined> => {
  const own = (name: string): Promise<string | undefined> => {
    const fits = new RegExp(`^${name}, version ${release.replaceAll('.', '\\.')}(?![.\\d-])`, 'm');
    return ownProgram({ name, ask: ['--version'], fits }, folders);
  };
  const prometheus = await own('prometheus');
  if (prometheus === undefined) return undefined;
  const promtool = await own('promtool');
  return promtool === undefined ? undefined : { prometheus, promtool };
};

const find = async (progress?: Progress): Promise<PrometheusPrograms> => {
  const own = await ownPrometheus();
  if (own !== undefined) return own;
  const folder = await build(progress);
  return { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
};

let found: Promise<PrometheusPrograms> | undefined;

/**
 * Prometheus and promtool: those on the PATH where they are of exactly the needed version. Else it
 * builds them, if they are not in the cache: some minutes on two cores, and the download of the
 * modules the first time.
 *
 * @throws LabError with cause and next step.
 */
export const prometheusPrograms = (progress?: Progress): Promise<PrometheusPrograms> => {
  found ??= find(progress);
  return found;
};
