import { AppError } from '../../core/errors.ts';
import type { Gauges } from './gauges.ts';

function refused(): Promise<never> {
  return Promise.reject(new AppError('E_KUBERNETES_NOT_CONFIGURED'));
}

/** The gauges where the config names no cluster. */
export const noGauges: Gauges = {
  isConfigured: false,
  endpoints: { has: () => false, ask: refused, close: () => undefined },
  samples: {
    add: () => undefined,
    range: () => [],
    latest: () => null,
    names: () => [],
  },
  neighbours: refused,
  disk: refused,
  apiCertificate: refused,
};
