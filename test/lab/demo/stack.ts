import { join } from 'node:path';
import type { Progress } from '../cache.ts';
import { startCluster } from '../kubernetes/cluster.ts';
import { helmUpgrade } from '../kubernetes/helm.ts';
import { repository } from '../product.ts';

const release = 'ess';
const namespace = 'ess';

/** Where the bot's own identity lies. */
const own = { release: 'urtc', namespace: 'urtc' } as const;

/**
 * Starts a cluster with a release of the fixture chart and the identities of `deploy/rbac`, and
 * returns the bot's setting `kubernetes` for it: with the token that it has in production.
 */
export const startStack = async (
  progress: Progress,
  cleanUp: AsyncDisposableStack,
): Promise<Readonly<Record<string, unknown>>> => {
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
  return { kubeconfig, release, namespace, storagePath: join(cluster.folder, 'volumes') };
};
