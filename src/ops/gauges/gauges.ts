import type { Endpoints } from '../../platform/endpoints/endpoint.ts';
import type { ServingCertificate } from '../../platform/endpoints/serving-certificate.ts';
import type { Samples } from '../../platform/store/samples.ts';
import type { DiskReport } from '../disk/disk.ts';
import type { Neighbour } from '../stack/neighbours.ts';

/** What is measured around the release, beyond what the watches tell. */
export interface Gauges {
  /** Whether the config names a cluster at all; without, the methods throw that it does not. */
  readonly isConfigured: boolean;
  readonly endpoints: Endpoints;
  readonly samples: Samples;
  /** At most a minute old. */
  neighbours(signal: AbortSignal): Promise<readonly Neighbour[]>;
  disk(signal: AbortSignal): Promise<DiskReport>;
  /** The certificate that the API server shows, at most ten minutes old; null: it shows none. */
  apiCertificate(signal: AbortSignal): Promise<ServingCertificate | null>;
}
