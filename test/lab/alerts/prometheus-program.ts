import { join } from 'node:path';
import { z } from 'zod';
import { cached, type Progress } from '../cache.ts';
import { findGo, goEnvironment } from '../encrypted/go-toolchain.ts';
import { LabError, textOf } from '../failure.ts';
import { runProgram } from '../program.ts';

/** Prometheus 3.14.0, the chart's; its checksum is in Go's checksum database. */
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
        const name = '-X github.com/prometheus/common/version.Version=3.14.0';
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

let built: Promise<string> | undefined;

/** The programs of Prometheus, by their path. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * Prometheus and promtool. Builds them if they are not in the cache: some minutes on two cores, and
 * the download of the modules the first time.
 *
 * @throws LabError with cause and next step.
 */
export const prometheusPrograms = async (progress?: Progress): Promise<PrometheusPrograms> => {
  built ??= build(progress);
  const folder = await built;
  return { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
};
