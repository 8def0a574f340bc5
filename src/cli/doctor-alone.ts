import { dirname } from 'node:path';
import { diagnosisNodes } from '../commands/nouns/doctor.ts';
import { outcomeOfReport } from '../commands/jobs/endings.ts';
import type { AppError } from '../core/errors.ts';
import { serverOf } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { Mask } from '../core/mask.ts';
import { examine } from '../ops/doctor/examine.ts';
import { observe } from '../ops/doctor/observe.ts';
import { createGauges } from '../ops/gauges/cluster-gauges.ts';
import { noGauges } from '../ops/gauges/no-gauges.ts';
import { createRedaction } from '../ops/redaction/redaction.ts';
import { noCluster } from '../ops/stack/no-cluster.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { clusterOf, readSettings } from '../platform/config/config.ts';
import { ownFilesOf } from '../platform/config/own-files.ts';
import type { Settings } from '../platform/config/schema.ts';
import { ClusterEndpoints } from '../platform/endpoints/cluster-endpoints.ts';
import { installedHelm } from '../platform/helm/helm-version.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Screen } from './screen.ts';

/** What goes wrong is told by the diagnosis. */
const silent: Log = {
  ...{ debug: () => undefined, info: () => undefined },
  ...{ warn: () => undefined, error: () => undefined, child: () => silent },
};

/** For all of it, ms. */
const timeoutMs = 60_000;

/**
 * `urtc doctor` where the bot itself could not start, for `start`: without the store and the secrets
 * all else is looked at. Throws `start` where not even the settings can be read. Returns the exit code.
 */
export async function doctorAlone(
  configFile: string,
  start: AppError,
  screen: Screen,
): Promise<number> {
  const result = readSettings(configFile);
  if (!result.ok) throw start;
  const { settings } = result;
  const surroundings = await openSurroundings(configFile, settings);
  try {
    const { kubernetes, gauges } = surroundings;
    const facts = await observe({
      ...{ kubernetes, gauges, clock, start },
      machine: {
        ownFiles: () => ownFilesOf(configFile, settings),
        helmVersion: installedHelm,
      },
      redaction: createRedaction({ mask: new Mask(), kubernetes, clock }),
      serverName: serverOf(settings.bot.user),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const nodes = diagnosisNodes(examine(facts));
    const outcome = outcomeOfReport(nodes);
    await screen.answer(nodes, { command: 'doctor', job: null, outcome });
    return exitCodeOf(outcome, nodes);
  } finally {
    await surroundings.close();
  }
}

async function openSurroundings(file: string, settings: Settings) {
  const cluster = clusterOf(settings, dirname(file));
  if (cluster === null) {
    return { kubernetes: noCluster, gauges: noGauges, close: () => Promise.resolve() };
  }
  const { openKubernetes } = await import('../platform/kubernetes/open.ts');
  const kubernetes = openKubernetes({ ...cluster, clock, log: silent });
  const { endpoints: named = {}, storagePath = null } = settings.kubernetes ?? {};
  const urls = { synapse: settings.homeserver.url, ...named };
  const endpoints = new ClusterEndpoints({ kubernetes, urls, clock });
  // What was measured before stands in the store.
  const { samples } = noGauges;
  const gauges = createGauges({ kubernetes, endpoints, samples, clock, storagePath });
  const close = async (): Promise<void> => {
    endpoints.close();
    await kubernetes.close();
  };
  return { kubernetes, gauges, close };
}
