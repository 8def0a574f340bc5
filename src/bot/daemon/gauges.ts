import { createGauges } from '../../ops/gauges/cluster-gauges.ts';
import type { Gauges } from '../../ops/gauges/gauges.ts';
import { noGauges } from '../../ops/gauges/no-gauges.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import { ClusterEndpoints } from '../../platform/endpoints/cluster-endpoints.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { Samples } from '../../platform/store/samples.ts';

/** What is measured around the cluster that the config names; where it names none, nothing is. */
export function openGauges(
  options: {
    readonly config: Config;
    readonly clock: Clock;
    readonly kubernetes?: Kubernetes | null;
  },
  samples: Samples,
): Gauges {
  const { config, clock, kubernetes = null } = options;
  if (kubernetes === null) return noGauges;
  const { endpoints: named = {}, storagePath = null } = config.settings.kubernetes ?? {};
  // The bot talks to Synapse there anyway.
  const urls = { synapse: config.settings.homeserver.url, ...named };
  const endpoints = new ClusterEndpoints({ kubernetes, urls, clock });
  return createGauges({ kubernetes, endpoints, samples, clock, storagePath });
}
