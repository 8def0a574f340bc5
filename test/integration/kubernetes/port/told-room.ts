import { join } from 'node:path';
import type { Cluster } from '../../../lab/kubernetes/cluster.ts';
import { helmUpgrade } from '../../../lab/kubernetes/helm.ts';
import { startLab } from '../../../lab/lab.ts';
import { repository } from '../../../lab/product.ts';
import { until } from '../../../lab/wait.ts';
import { toldIncidents, type ToldIncidents } from '../act/told-incidents.ts';

/** A real bot with its own token that looks after a release, and the room where it tells of it. */
export interface ToldRoom {
  readonly feed: ToldIncidents;
  /** Waits until the bot sees the cluster as it is now. */
  settled(): Promise<void>;
  /** How many lists of the release's namespace the bot has asked for since this point of the audit log. */
  listings(from: number): number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a home server and such a bot, installs `deploy/rbac` for it, and enters its room. */
export const enterToldRoom = async (
  cluster: Cluster,
  ess: { readonly release: string; readonly namespace: string },
): Promise<ToldRoom> => {
  const own = { release: 'watcher', namespace: 'watchers' };
  const chart = join(repository, 'deploy/rbac');
  const layers = [{ ess, certManager: { enabled: false } }];
  const [lab] = await Promise.all([
    startLab({ name: 'told-room' }),
    helmUpgrade(cluster, { ...own, chart, layers }),
  ]);
  const kubeconfig = await cluster.kubeconfigFor('watcher-bot', own.namespace);
  const feed = { afterSeconds: 1, healedAfterSeconds: 1 };
  await lab.startBot({ settings: { kubernetes: { kubeconfig, ...ess, feed } } });
  const alice = lab.person('alice');
  const room = await lab.enterAdminRoom(alice);
  const user = 'system:serviceaccount:watchers:watcher-bot';
  return {
    feed: toldIncidents(alice, room),
    settled: async () => {
      const look = async (): Promise<true | undefined> => {
        const { body } = await alice.ask(room, '!status');
        return body.includes('this is how it was') ? undefined : true;
      };
      await until('the bot to see the cluster again', look, { timeoutMs: 30_000 });
    },
    listings: (from) =>
      cluster
        .auditLog()
        .slice(from)
        .filter(
          ({ user: { username }, verb, objectRef }) =>
            username === user && verb === 'list' && objectRef.namespace === ess.namespace,
        ).length,
    [Symbol.asyncDispose]: () => lab.stop(),
  };
};
