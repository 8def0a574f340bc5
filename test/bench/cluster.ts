import { startStackStub } from '../integration/kubernetes/see/stack-stub.ts';
import { startCluster } from '../lab/kubernetes/cluster.ts';
import { serverName } from '../lab/synapse/config.ts';
import { measureClusterRoom } from './cluster-room.ts';
import type { Figure } from './figure.ts';
import type { Counts } from './options.ts';

/**
 * A bot that looks after a release: what people wait for in the room and on the terminal, its memory,
 * and what its commands ask of the API server. Synapse is a real one; the other parts of the stack
 * are a stub on loopback.
 */
export const measureCluster = async (
  counts: Counts,
  progress: (text: string) => void,
): Promise<Figure[]> => {
  progress('cluster');
  await using cluster = await startCluster({ name: 'bench', progress });
  await using stub = await startStackStub(serverName);
  const ess = { release: 'ess', namespace: 'ess' } as const;
  await cluster.installEss({ ...ess, shape: 'redis' });
  const { url } = stub;
  const urls = { mas: url, 'well-known': url, 'rtc-auth': url, 'element-web': url };
  progress('a bot with a cluster');
  return await measureClusterRoom(cluster, ess, urls, counts);
};
