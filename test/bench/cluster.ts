import type { Log } from '../../src/core/log.ts';
import { openKubernetes } from '../../src/platform/kubernetes/open.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { lookThrough, type Sight } from '../integration/kubernetes/see/sight.ts';
import { startStackStub } from '../integration/kubernetes/see/stack-stub.ts';
import { startCluster } from '../lab/kubernetes/cluster.ts';
import { measureClusterRoom } from './cluster-room.ts';
import type { Figure } from './figure.ts';
import type { Counts } from './options.ts';
import { percentile } from './statistics.ts';

const quiet = () => undefined;
const silent: Log = {
  ...{ debug: quiet, info: quiet, warn: quiet, error: quiet },
  child: () => silent,
};

/** How much a command may take, ms (issue 5, "Bench"). */
const mostMs = 300;

/**
 * The commands that see, on a cluster with a release: from the call to the last node, with the parts
 * of the stack on loopback. Their requests to the API server are counted where the view is settled.
 */
export const measureCluster = async (
  counts: Counts,
  progress: (text: string) => void,
): Promise<Figure[]> => {
  progress('cluster');
  await using cluster = await startCluster({ name: 'bench', progress });
  await using stub = await startStackStub('example.org');
  const ess = { release: 'ess', namespace: 'ess' } as const;
  await cluster.installEss({ ...ess, shape: 'redis' });
  const from = { kubeconfig: cluster.kubeconfig };
  const kubernetes = openKubernetes({ from, ...ess, clock: systemClock, log: silent });
  const { url } = stub;
  const urls = { synapse: url, mas: url, 'well-known': url, 'rtc-auth': url, 'element-web': url };
  const sight = lookThrough(kubernetes, urls, 'example.org');
  try {
    await sight.see('status');
    const figures: Figure[] = [];
    for (const command of ['status', 'health'] as const) {
      figures.push(...(await measureCommand(sight, command, counts.seenCommands)));
    }
    progress('a bot with a cluster');
    figures.push(...(await measureClusterRoom(cluster, ess, urls, counts)));
    return figures;
  } finally {
    sight.close();
    await kubernetes.close();
  }
};

const measureCommand = async (
  sight: Sight,
  command: 'status' | 'health',
  times: number,
): Promise<Figure[]> => {
  const took: number[] = [];
  let requests = 0;
  for (let time = 0; time < times; time += 1) {
    const seen = await sight.see(command);
    took.push(seen.tookMs);
    requests += seen.requests;
  }
  const note = `${times} times, one after the other, 11 components`;
  return [
    {
      ...{ name: `${command} on a cluster, p95`, unit: 'ms', baseline: null, note },
      ours: percentile(took, 0.95),
      targets: [{ kind: 'most', atMost: mostMs }],
    },
    {
      ...{ name: `${command} on a cluster, API requests each`, unit: 'count', baseline: null },
      ours: requests / times,
      targets: [{ kind: 'most', atMost: 1 }],
      note: `${note}; what the watches send by themselves included`,
    },
  ];
};
