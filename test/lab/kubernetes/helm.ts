import { mkdtempSync, writeFileSync } from 'node:fs';
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
  /** A folder, or `oci://…`. */
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

/**
 * The version of a chart.
 *
 * @throws LabError with Helm's last lines.
 */
export const chartVersion = async (where: HelmWhere, chart: string): Promise<string> => {
  const text = await runProgram(where.helm, ['show', 'chart', chart], {
    env: environmentOf(where),
  });
  return z.looseObject({ version: z.string() }).parse(parse(text)).version;
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
