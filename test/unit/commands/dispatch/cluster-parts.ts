import type { Capabilities } from '../../../../src/commands/capabilities.ts';
import type { Log } from '../../../../src/core/log.ts';
import { noGauges } from '../../../../src/ops/gauges/no-gauges.ts';
import { createHealingDesk } from '../../../../src/ops/healing/healing-desk.ts';
import { BundleDesk } from '../../../../src/ops/bundle/bundle-desk.ts';
import { LogDesk } from '../../../../src/ops/logs/log-desk.ts';
import { noCluster } from '../../../../src/ops/stack/no-cluster.ts';
import { BundleShelf } from '../../../../src/platform/bundles/bundle-shelf.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { createHealingMemory } from '../../../../src/platform/store/healing.ts';
import { createTemporaryScales } from '../../../../src/platform/store/temporary-scales.ts';

type Uses = 'bundles' | 'kubernetes' | 'gauges' | 'logs' | 'machine' | 'scales' | 'healing';

const quiet: Log = {
  ...{ debug: () => undefined, info: () => undefined, warn: () => undefined },
  ...{ error: () => undefined, child: () => quiet },
};

/** A desk for bundles that nobody can write. */
export const nowhereToBundle = new BundleDesk({
  ...{ shelf: new BundleShelf('/dev/null/bundles'), clock: systemClock, log: quiet, ownLog: null },
});

/** What commands on the cluster use, with the real store; there is no cluster. */
export function clusterParts(database: Database): Pick<Capabilities, Uses> {
  return {
    kubernetes: noCluster,
    gauges: noGauges,
    bundles: nowhereToBundle,
    logs: new LogDesk({ prepare: () => Promise.resolve(), apply: (text) => text }),
    machine: { ownFiles: () => [], helmVersion: () => Promise.resolve(null) },
    scales: createTemporaryScales(database),
    healing: createHealingDesk({
      memory: createHealingMemory(database),
      isOn: () => false,
      transaction: (work) => database.transaction(work),
    }),
  };
}
