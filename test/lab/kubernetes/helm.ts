import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { LabError, textOf } from '../failure.ts';
import { plainEnvironment } from '../product.ts';
import { runProgram } from '../program.ts';

/** What Helm needs to know of its cluster. */
export interface HelmWhere {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly helm: string;
}

/** A release of any chart. */
export interface HelmRelease {
  readonly release: string;
  /** Made if it is not there. */
  readonly namespace: string;
  /** A folder or a `.tgz`. */
  readonly chart: string;
  /** Values; later ones are put over earlier ones. */
  readonly layers: readonly unknown[];
  /** Default true. The chart's hooks take most of an upgrade's time. */
  readonly hooks?: boolean;
}

/** What Helm runs with: nothing of the machine's own Helm. */
const environmentOf = (where: HelmWhere): NodeJS.ProcessEnv =>
  plainEnvironment({
    KUBECONFIG: where.kubeconfig,
    HELM_CACHE_HOME: join(where.folder, 'helm/cache'),
    HELM_CONFIG_HOME: join(where.folder, 'helm/config'),
    HELM_DATA_HOME: join(where.folder, 'helm/data'),
  });

/** A registry on loopback needs no TLS; every other one does. */
export const plainHttpFor = (reference: string): readonly string[] =>
  /^oci:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//.test(reference) ? ['--plain-http'] : [];

const chartFile = z.looseObject({ name: z.string(), version: z.string() });

/**
 * What the chart in `place`, a folder or a `.tgz`, calls itself, and its version.
 *
 * @throws LabError with Helm's last lines.
 */
export const chartFacts = async (
  where: HelmWhere,
  place: string,
): Promise<z.output<typeof chartFile>> => {
  const args = ['show', 'chart', place];
  return chartFile.parse(parse(await runProgram(where.helm, args, { env: environmentOf(where) })));
};

/**
 * Packs the chart of a folder and pushes it: `to` is `oci://HOST/PATH`.
 *
 * @throws LabError with Helm's last lines.
 */
export const pushChart = async (where: HelmWhere, chart: string, to: string): Promise<void> => {
  const folder = mkdtempSync(join(where.folder, 'packed-'));
  const env = environmentOf(where);
  await runProgram(where.helm, ['package', chart, '--destination', folder], { env });
  const [file = ''] = readdirSync(folder);
  await runProgram(where.helm, ['push', join(folder, file), to, ...plainHttpFor(`${to}/`)], {
    env,
  });
};

/**
 * Installs or upgrades a release as the product does it, with Helm 4, and waits until all is ready.
 *
 * @throws LabError with Helm's last lines.
 */
export const helmUpgrade = async (where: HelmWhere, wanted: HelmRelease): Promise<void> => {
  const { release, namespace, chart, layers, hooks = true } = wanted;
  const folder = mkdtempSync(join(where.folder, `helm-${release}-`));
  const files = layers.map((layer, i) => {
    const file = join(folder, `values-${i}.json`);
    writeFileSync(file, JSON.stringify(layer));
    return file;
  });
  const args = [
    ...['upgrade', '--install', release, chart, '--namespace', namespace, '--create-namespace'],
    ...['--wait=watcher', '--timeout=3m'],
    ...(hooks ? [] : ['--no-hooks']),
    // Helm's own limits are for clusters that others use.
    ...['--qps=500', '--burst-limit=1000'],
    ...files.flatMap((file) => ['--values', file]),
  ];
  try {
    await runProgram(where.helm, args, { env: environmentOf(where) });
  } catch (error) {
    throw new LabError(`${release} was not installed in ${namespace}:\n${textOf(error)}`, {
      cause: error,
    });
  }
};
