import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError, textOf } from '../failure.ts';
import { plainEnvironment } from '../product.ts';
import { runProgram } from '../program.ts';
import type { Api } from './api.ts';

/** A release of the chart to install, or to upgrade. */
export interface EssRelease {
  readonly release: string;
  /** Made if it is not there. */
  readonly namespace: string;
  /**
   * `redis`: 26.8, checked against a render of it. `valkey`: 26.11, from release notes. The real
   * chart is of its own shape.
   */
  readonly shape: 'redis' | 'valkey';
  /** Put over the lab's, in the chart's own words. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** What an installation needs to know of its cluster. */
interface Where {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly helm: string;
}

const chart = join(import.meta.dirname, 'chart');

const versions = { redis: '26.8.2', valkey: '26.11.2' } as const;

/** Values that the real chart takes, too. */
const commonValues = {
  serverName: 'example.org',
  synapse: { ingress: { host: 'matrix.example.org' } },
  matrixAuthenticationService: { ingress: { host: 'account.example.org' } },
  elementWeb: { ingress: { host: 'chat.example.org' } },
  elementAdmin: { ingress: { host: 'admin.example.org' } },
  matrixRTC: { ingress: { host: 'mrtc.example.org' } },
};

/** In 26.8 Redis is there only where there are workers. */
const shapeValues = {
  redis: {
    synapse: {
      workers: { 'federation-sender': { enabled: true }, 'sliding-sync': { enabled: true } },
    },
  },
  valkey: {},
};

const servicePorts = z.looseObject({
  spec: z.looseObject({
    ports: z.array(z.looseObject({ nodePort: z.number().exactOptional() })).default([]),
  }),
  metadata: z.looseObject({ namespace: z.string() }),
});

/** The chart's ports where they are free, else the next ones: a cluster has them only once. */
const portValues = async (api: Api, namespace: string): Promise<unknown> => {
  const services = (await api.list('/api/v1/services')).map((each) => servicePorts.parse(each));
  const others = services.filter(({ metadata }) => metadata.namespace !== namespace);
  const taken = new Set(others.flatMap(({ spec }) => spec.ports.map(({ nodePort }) => nodePort)));
  let port = 30001;
  while (taken.has(port) || taken.has(port + 1)) port += 2;
  const exposedServices = { rtcTcp: { port }, rtcMuxedUdp: { port: port + 1 } };
  return { matrixRTC: { sfu: { exposedServices } } };
};

/** The chart in its folder has one version; the shape that is wanted has another. */
const chartOf = (shape: EssRelease['shape'], folder: string): string => {
  const copy = join(folder, 'matrix-stack');
  cpSync(chart, copy, { recursive: true });
  const file = join(copy, 'Chart.yaml');
  const text = readFileSync(file, 'utf8').replaceAll(versions.redis, versions[shape]);
  writeFileSync(file, text);
  return copy;
};

/**
 * Installs or upgrades a release as the product does it, with Helm 4.
 *
 * @throws LabError with Helm's last lines.
 */
export const installEss = async (where: Where, api: Api, wanted: EssRelease): Promise<void> => {
  const { release, namespace, shape, values = {} } = wanted;
  const real = process.env['URTC_TEST_ESS_CHART'] ?? '';
  const folder = mkdtempSync(join(where.folder, `helm-${release}-`));
  const layers = [
    commonValues,
    shapeValues[shape],
    await portValues(api, namespace),
    ...(real === '' ? [{ lab: { shape } }] : []),
    values,
  ];
  const files = layers.map((layer, i) => {
    const file = join(folder, `values-${i}.json`);
    writeFileSync(file, JSON.stringify(layer));
    return file;
  });
  try {
    await runProgram(
      where.helm,
      [
        ...['upgrade', '--install', release, real === '' ? chartOf(shape, folder) : real],
        ...['--namespace', namespace, '--create-namespace', '--wait=watcher', '--timeout=3m'],
        // Helm's own limits are for clusters that others use.
        ...['--qps=500', '--burst-limit=1000'],
        ...files.flatMap((file) => ['--values', file]),
      ],
      {
        env: plainEnvironment({
          KUBECONFIG: where.kubeconfig,
          HELM_CACHE_HOME: join(where.folder, 'helm/cache'),
          HELM_CONFIG_HOME: join(where.folder, 'helm/config'),
          HELM_DATA_HOME: join(where.folder, 'helm/data'),
        }),
      },
    );
  } catch (error) {
    throw new LabError(`${release} was not installed in ${namespace}:\n${textOf(error)}`, {
      cause: error,
    });
  }
};
