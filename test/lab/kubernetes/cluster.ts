import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Progress } from '../cache.ts';
import { LabError, textOf } from '../failure.ts';
import { freePort } from '../ports.ts';
import { newRunFolder } from '../run-folder.ts';
import { installSynapse } from '../synapse/install.ts';
import { until } from '../wait.ts';
import type { Api } from './api.ts';
import { attach, type AttachedCluster } from './attached.ts';
import { baseObjects, node, nodeName, objectsBeforeKwok } from './base-objects.ts';
import {
  awaitApi,
  startApiServer,
  startControllers,
  startKine,
  startWithinMs,
  type Ground,
} from './control-plane.ts';
import type { Daemon } from './daemon.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { startKwok } from './kwok-process.ts';
import { startMetricsServer } from './metrics-server.ts';
import { makePki } from './pki.ts';
import { kubernetesPrograms } from './programs.ts';

/** What a cluster is like. */
export interface ClusterOptions {
  /** Of the run's folder: a word that tells whose it was. */
  readonly name: string;
  /** Whether metrics.k8s.io is served, about 20 s after the start. Default true. */
  readonly metrics?: boolean;
  readonly progress?: Progress;
}

/** A cluster of one's own, which may be broken. Everything of it dies with this process. */
export interface Cluster extends AttachedCluster {
  /** Ends the API server in an orderly way; clients see closed connections. */
  stopApiServer(): Promise<void>;
  /** kill -9. */
  killApiServer(): Promise<void>;
  /** Starts it again on the same port; returns when it is ready. Nothing to do while it runs. */
  startApiServer(): Promise<void>;
  /** Ends everything. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const auditPolicy = join(import.meta.dirname, 'audit-policy.yaml');

const nodeShape = z.looseObject({
  status: z.looseObject({
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  }),
});

const awaitNode = async (api: Api): Promise<void> => {
  await until(
    'the node to be ready',
    async () => {
      const { status } = nodeShape.parse(await api.send('GET', `/api/v1/nodes/${nodeName}`));
      const isReady = status.conditions.some(
        (each) => each.type === 'Ready' && each.status === 'True',
      );
      return isReady ? true : undefined;
    },
    { timeoutMs: startWithinMs, everyMs: 50 },
  );
};

/** A definition that was just made is not served at once. */
const awaitKinds = async (api: Api): Promise<void> => {
  await until(
    'the kinds of kwok',
    async () => {
      const { status, text } = await api.raw('GET', '/apis/kwok.x-k8s.io/v1alpha1');
      return status === 200 && text.includes('"portforwards"') ? true : undefined;
    },
    { timeoutMs: startWithinMs, everyMs: 50 },
  );
};

/** The default service account is made by the controller manager; pods can't be made without. */
const awaitAccounts = async (api: Api): Promise<void> => {
  const path = '/api/v1/namespaces/default/serviceaccounts/default';
  const isThere = async (): Promise<true | undefined> =>
    (await api.raw('GET', path)).status === 200 ? true : undefined;
  await until('the service accounts', isThere, { timeoutMs: startWithinMs, everyMs: 50 });
};

/**
 * Starts a Kubernetes cluster: API server, controllers, scheduler and a node whose pods do what
 * tests say. Some 10 s from a warm cache and 0.7 GB: for tests that break the API server or the
 * node. All others use `sharedCluster()`.
 *
 * @throws LabError with the last lines of what did not come up.
 */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const { name, metrics = true, progress } = options;
  const [programs, { python }] = await Promise.all([
    kubernetesPrograms(progress),
    installSynapse(progress),
  ]);
  const folder = newRunFolder(name);
  const pki = await makePki(join(folder, 'pki'), python);
  mkdirSync(join(folder, 'volumes'));
  const ground: Ground = {
    ...{ folder, python, pki, programs, apiPort: await freePort() },
    databaseFile: join(folder, 'state.db'),
    auditFile: join(folder, 'audit.log'),
  };
  const apiUrl = `https://127.0.0.1:${ground.apiPort}`;
  const kubeconfigOf = (certificate: string): string =>
    writeKubeconfig(join(folder, `${certificate}.kubeconfig`), { apiUrl, pki }, { certificate });
  const cluster = attach({
    ...{ folder, apiUrl, helm: programs.helm, kubeconfig: kubeconfigOf('admin') },
  });
  const { api } = cluster;

  const daemons: Daemon[] = [];
  let apiServer: Daemon | undefined;
  const runApiServer = async (): Promise<void> => {
    if (apiServer !== undefined) return;
    apiServer = startApiServer(ground, auditPolicy);
    await awaitApi(apiServer, api);
  };
  const endApiServer = async (how: 'stop' | 'kill'): Promise<void> => {
    const old = apiServer;
    apiServer = undefined;
    await old?.[how]();
  };
  const stop = async (): Promise<void> => {
    // What is killed has nothing to save.
    await Promise.all([...daemons.map((daemon) => daemon.kill()), endApiServer('kill')]);
    await api.close();
  };

  try {
    progress?.('cluster: starting');
    daemons.push(startKine(ground));
    await runApiServer();
    daemons.push(...(await startControllers(ground, kubeconfigOf)));
    await cluster.kubectlApply(objectsBeforeKwok);
    await awaitKinds(api);
    daemons.push(await startKwok(ground, kubeconfigOf('node-keeper')));
    await api.send('POST', '/api/v1/nodes', { body: node });
    await cluster.kubectlApply(baseObjects);
    if (metrics) daemons.push(await startMetricsServer(ground, cluster));
    await Promise.all([awaitNode(api), awaitAccounts(api)]);
  } catch (error) {
    await stop();
    throw new LabError(`the cluster did not come up (${folder}):\n${textOf(error)}`, {
      cause: error,
    });
  }
  return {
    ...cluster,
    startApiServer: runApiServer,
    stopApiServer: () => endApiServer('stop'),
    killApiServer: () => endApiServer('kill'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
