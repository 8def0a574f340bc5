import type { Clock } from '../../platform/clock.ts';
import type { Endpoints } from '../../platform/endpoints/endpoint.ts';
import { servingCertificate } from '../../platform/endpoints/serving-certificate.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { Samples } from '../../platform/store/samples.ts';
import { DiskGauge } from '../disk/disk.ts';
import { readNeighbours } from '../stack/neighbours.ts';
import type { Gauges } from './gauges.ts';
import { remembered } from './remembered.ts';

/** What the gauges of a cluster are made of. */
export interface ClusterGaugeParts {
  readonly kubernetes: Kubernetes;
  readonly endpoints: Endpoints;
  readonly samples: Samples;
  readonly clock: Clock;
  /** Folder of the volumes as the config says; null: as the cluster says. */
  readonly storagePath: string | null;
}

const minute = 60_000;
/** A TLS handshake may take as long, ms. */
const handshakeMs = 2000;

/** The gauges of a cluster that is configured. */
export function createGauges(parts: ClusterGaugeParts): Gauges {
  const { kubernetes, endpoints, samples, clock, storagePath } = parts;
  const gauge = new DiskGauge({ kubernetes, samples, clock, storagePath });
  return {
    isConfigured: true,
    endpoints,
    samples,
    neighbours: remembered(clock, minute, () => readNeighbours(kubernetes)),
    disk: (signal) => gauge.read(signal),
    apiCertificate: remembered(clock, 10 * minute, async () =>
      servingCertificate(await kubernetes.url(), handshakeMs),
    ),
  };
}
