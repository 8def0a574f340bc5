import { join } from 'node:path';
import type { Progress } from '../cache.ts';
import { startStackStub } from '../../integration/kubernetes/see/stack-stub.ts';
import { startCluster } from '../kubernetes/cluster.ts';
import { helmUpgrade } from '../kubernetes/helm.ts';
import { repository } from '../product.ts';
import { serverName } from '../synapse/config.ts';
import type { BreakableRelease } from './cluster-doings.ts';

const release = 'ess';
const namespace = 'ess';

/** Where the bot's own identity lies. */
const own = { release: 'urtc', namespace: 'urtc' } as const;

/** What the bot looks after. */
export interface Stack extends BreakableRelease {
  /** The bot's setting `kubernetes`: with the token that it has in production. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Sooner than in production (20 s, 60 s): nobody watches a demo for minutes. */
const feed = { afterSeconds: 5, healedAfterSeconds: 10 } as const;

/**
 * Starts a cluster with a release of the fixture chart and the identities of `deploy/rbac`.
 */
export const startStack = async (
  progress: Progress,
  cleanUp: AsyncDisposableStack,
): Promise<Stack> => {
  const cluster = await startCluster({ name: 'demo', progress });
  cleanUp.defer(() => cluster.stop());
  progress('stack: installing objects shaped like ESS with Helm (nothing in them works)');
  await cluster.installEss({ release, namespace, shape: 'redis' });
  progress('stack: installing the identity of the bot');
  // Where it may read the state of cert-manager.
  await cluster.kubectlApply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cert-manager' } },
  ]);
  const chart = join(repository, 'deploy/rbac');
  const values = { ess: { release, namespace } };
  await helmUpgrade(cluster, { ...own, chart, layers: [values] });
  const kubeconfig = await cluster.kubeconfigFor(`${own.release}-bot`, own.namespace);
  const storagePath = join(cluster.folder, 'volumes');
  // The pods have no programs; something has to answer what `health` asks.
  const stub = await startStackStub(serverName);
  cleanUp.use(stub);
  const { url } = stub;
  const endpoints = {
    ...{ synapse: url, mas: url, 'well-known': url, 'rtc-auth': url, 'element-web': url },
  };
  return {
    ...{ pods: cluster.pods, release, namespace },
    settings: { kubeconfig, release, namespace, storagePath, feed, endpoints },
  };
};
