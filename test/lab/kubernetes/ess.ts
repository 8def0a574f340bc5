import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { tested } from '../../../src/core/supported-versions.ts';
import { compareVersions } from '../../../src/ops/stack/may-scale.ts';
import { ApiFailure, type Api } from './api.ts';
import { helmUpgrade, type HelmWhere } from './helm.ts';
import { namedChart } from './named-chart.ts';

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
  /** Whether the chart's hook Jobs run. Default true; an upgrade takes 10 s less without. */
  readonly hooks?: boolean;
  /** Another chart, named as in `URTC_TEST_ESS_CHART`. Default: the one named there, else ours. */
  readonly chart?: string;
}

/** The chart that a shape is installed from. */
export interface EssChart {
  readonly version: string;
  /** Whether there is a cache (Redis, Valkey) also without workers: from 26.9.0 on. */
  readonly hasCacheAlways: boolean;
  /** Not ours, but what `URTC_TEST_ESS_CHART` names. */
  readonly isReal: boolean;
}

/** The fixture chart; its version is that of the shape `redis`. */
export const fixtureChart = join(import.meta.dirname, 'chart');

const versions = tested.chart;

/** The real chart, where the environment names one. */
const realChart = (): string | null => {
  const named = process.env['URTC_TEST_ESS_CHART'] ?? '';
  return named === '' ? null : named;
};

/** What a release of this shape is going to be. @throws LabError with cause and next step. */
export const essChart = async (where: HelmWhere, shape: EssRelease['shape']): Promise<EssChart> => {
  const real = realChart();
  const version = real === null ? versions[shape] : (await namedChart(where, real)).version;
  const hasCacheAlways = compareVersions(version, '26.9.0') >= 0;
  return { version, hasCacheAlways, isReal: real !== null };
};

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

const reservation = z.looseObject({ data: z.looseObject({ namespace: z.string() }) });

/** A cluster has a node port only once: whoever makes the ConfigMap of that name has it. */
const reserve = async (api: Api, port: number, namespace: string): Promise<boolean> => {
  const configMaps = '/api/v1/namespaces/kube-system/configmaps';
  const name = `lab-node-port-${port}`;
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { namespace } };
  const { status, text } = await api.raw('POST', configMaps, { body });
  if (status === 201) return true;
  if (status !== 409) throw new ApiFailure(`POST ${configMaps}`, status, text);
  const held = reservation.parse(await api.send('GET', `${configMaps}/${name}`));
  return held.data.namespace === namespace;
};

/** The chart's ports where they are free, else the next ones. Files install at the same time. */
const portValues = async (api: Api, namespace: string): Promise<unknown> => {
  let port = 30001;
  while (!(await reserve(api, port, namespace))) port += 2;
  const exposedServices = { rtcTcp: { port }, rtcMuxedUdp: { port: port + 1 } };
  return { matrixRTC: { sfu: { exposedServices } } };
};

/** The chart in its folder has one version; the shape that is wanted has another. */
const chartOf = (shape: EssRelease['shape'], folder: string): string => {
  const copy = join(folder, 'matrix-stack');
  cpSync(fixtureChart, copy, { recursive: true });
  const file = join(copy, 'Chart.yaml');
  const text = readFileSync(file, 'utf8').replaceAll(versions.redis, versions[shape]);
  writeFileSync(file, text);
  return copy;
};

/**
 * Installs or upgrades a release of the chart.
 *
 * @throws LabError with cause and next step, or with Helm's last lines.
 */
export const installEss = async (where: HelmWhere, api: Api, wanted: EssRelease): Promise<void> => {
  const { release, namespace, shape, values = {}, hooks = true } = wanted;
  const named = wanted.chart ?? realChart();
  const from =
    named === null
      ? chartOf(shape, mkdtempSync(join(where.folder, 'chart-')))
      : (await namedChart(where, named)).place;
  const layers = [
    commonValues,
    shapeValues[shape],
    await portValues(api, namespace),
    ...(named === null ? [{ lab: { shape } }] : []),
    values,
  ];
  await helmUpgrade(where, { release, namespace, chart: from, layers, hooks });
};
