import type { Capabilities } from '../../../../src/commands/capabilities.ts';
import { LogDesk } from '../../../../src/ops/logs/log-desk.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { createTemporaryScales } from '../../../../src/platform/store/temporary-scales.ts';

/** What commands on the cluster use besides it, with the real store. */
export function clusterParts(database: Database): Pick<Capabilities, 'logs' | 'scales'> {
  return {
    logs: new LogDesk({ prepare: () => Promise.resolve(), apply: (text) => text }),
    scales: createTemporaryScales(database),
  };
}
