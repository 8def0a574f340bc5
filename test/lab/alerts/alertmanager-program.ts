import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cached, type Progress } from '../cache.ts';
import { findGo, goEnvironment } from '../encrypted/go-toolchain.ts';
import { LabError, textOf } from '../failure.ts';
import { foldersOnPath, ownProgram } from '../own-program.ts';
import { runProgram } from '../program.ts';

/** Alertmanager as it is released; its checksum is in Go's checksum database. */
const module = 'github.com/prometheus/alertmanager';

/** The one of today, and the one of Debian 12. */
export const alertmanagerVersions = ['v0.34.0', 'v0.25.0'] as const;
/** One of {@link alertmanagerVersions}. */
export type AlertmanagerVersion = (typeof alertmanagerVersions)[number];

/** Change this when the steps below change. */
const recipe = '1';

const downloaded = z.object({ Dir: z.string() });

/**
 * Its UI is built with npm and embedded, so `go install` of the module fails. A copy with an empty
 * page in its place builds, and is the same in all that is not the UI.
 */
const build = async (version: AlertmanagerVersion, progress?: Progress): Promise<string> => {
  const go = await findGo(progress);
  const folder = await cached({
    name: 'alertmanager',
    madeOf: [recipe, go.version, module, version],
    progress,
    build: async (unfinished) => {
      progress?.(`Alertmanager ${version}: building (some minutes, once per machine)`);
      try {
        const told = await runProgram(
          go.path,
          ['mod', 'download', '-json', `${module}@${version}`],
          { env: goEnvironment(), cwd: unfinished },
        );
        const { Dir } = downloaded.parse(JSON.parse(told));
        const source = join(unfinished, 'source');
        cpSync(Dir, source, { recursive: true });
        await runProgram('chmod', ['-R', 'u+w', source]);
        const page = join(source, 'ui/app/dist');
        mkdirSync(page, { recursive: true });
        writeFileSync(join(page, 'index.html'), '');
        for (const name of ['alertmanager', 'amtool']) {
          const out = ['-o', join(unfinished, name), `./cmd/${name}`];
          const build = [go.path, 'build', '-trimpath', '-mod', 'readonly', ...out];
          await runProgram('nice', ['-n', '19', ...build], { cwd: source, env: goEnvironment() });
        }
        await runProgram('rm', ['-rf', source]);
      } catch (error) {
        throw new LabError(
          [
            textOf(error),
            `Alertmanager ${version} could not be built with ${go.path} (${go.version}).`,
            'Next: check that Go reaches its module proxy (network, GOPROXY), then run this again.',
          ].join('\n'),
          { cause: error },
        );
      }
    },
  });
  return folder;
};

/** The programs of Alertmanager, by their path. */
export interface AlertmanagerPrograms {
  readonly alertmanager: string;
  readonly amtool: string;
}

/**
 * Those of exactly this version that the machine has already, also under Debian's name; undefined:
 * it has not both.
 */
export const ownAlertmanager = async (
  version: AlertmanagerVersion,
  folders: readonly string[] = foldersOnPath(process.env),
): Promise<AlertmanagerPrograms | undefined> => {
  const number = version.slice(1).replaceAll('.', '\\.');
  const own = (name: string, calledIn = name): Promise<string | undefined> => {
    const fits = new RegExp(`^${calledIn}, version ${number}(?![.\\d-])`, 'm');
    return ownProgram({ name, ask: ['--version'], fits }, folders);
  };
  const amtool = await own('amtool');
  if (amtool === undefined) return undefined;
  const alertmanager =
    (await own('alertmanager')) ?? (await own('prometheus-alertmanager', 'alertmanager'));
  return alertmanager === undefined ? undefined : { alertmanager, amtool };
};

const find = async (
  version: AlertmanagerVersion,
  progress?: Progress,
): Promise<AlertmanagerPrograms> => {
  const own = await ownAlertmanager(version);
  if (own !== undefined) return own;
  const folder = await build(version, progress);
  return { alertmanager: join(folder, 'alertmanager'), amtool: join(folder, 'amtool') };
};

const found = new Map<AlertmanagerVersion, Promise<AlertmanagerPrograms>>();

/**
 * Those on the PATH where they are of exactly this version. Else it builds them, if they are not in
 * the cache: about four minutes on two cores, and the download of the modules the first time.
 *
 * @throws LabError with cause and next step.
 */
export const alertmanagerPrograms = (
  progress?: Progress,
  version: AlertmanagerVersion = 'v0.34.0',
): Promise<AlertmanagerPrograms> => {
  const programs = found.get(version) ?? find(version, progress);
  found.set(version, programs);
  return programs;
};
