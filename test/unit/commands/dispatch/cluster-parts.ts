import type { Capabilities } from '../../../../src/commands/capabilities.ts';
import { noGauges } from '../../../../src/ops/gauges/no-gauges.ts';
import { LogDesk } from '../../../../src/ops/logs/log-desk.ts';
import { noCluster } from '../../../../src/ops/stack/no-cluster.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { createTemporaryScales } from '../../../../src/platform/store/temporary-scales.ts';

type Uses = 'kubernetes' | 'gauges' | 'logs' | 'machine' | 'scales';

/** What commands on the cluster use, with the real store; there is no cluster. */
export function clusterParts(database: Database): Pick<Capabilities, Uses> {
  return {
    kubernetes: noCluster,
    gauges: noGauges,
    logs: new LogDesk({ prepare: () => Promise.resolve(), apply: (text) => text }),
    machine: { ownFiles: () => [], helmVersion: () => Promise.resolve(null) },
    scales: createTemporaryScales(database),
  };
}
