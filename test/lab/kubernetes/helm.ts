import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
}

/**
 * Installs or upgrades a release as the product does it, with Helm 4, and waits until all is ready.
 *
 * @throws LabError with Helm's last lines.
 */
export const helmUpgrade = async (where: HelmWhere, wanted: HelmRelease): Promise<void> => {
  const { release, namespace, chart, layers } = wanted;
  const folder = mkdtempSync(join(where.folder, `helm-${release}-`));
  const files = layers.map((layer, i) => {
    const file = join(folder, `values-${i}.json`);
    writeFileSync(file, JSON.stringify(layer));
    return file;
  });
  const env = plainEnvironment({
    KUBECONFIG: where.kubeconfig,
    HELM_CACHE_HOME: join(where.folder, 'helm/cache'),
    HELM_CONFIG_HOME: join(where.folder, 'helm/config'),
    HELM_DATA_HOME: join(where.folder, 'helm/data'),
  });
  const args = [
    ...['upgrade', '--install', release, chart, '--namespace', namespace, '--create-namespace'],
    ...['--wait=watcher', '--timeout=3m'],
    // Helm's own limits are for clusters that others use.
    ...['--qps=500', '--burst-limit=1000'],
    ...files.flatMap((file) => ['--values', file]),
  ];
  try {
    await runProgram(where.helm, args, { env });
  } catch (error) {
    throw new LabError(`${release} was not installed in ${namespace}:\n${textOf(error)}`, {
      cause: error,
    });
  }
};
