import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';
import type { Progress } from '../cache.ts';
import { LabError, textOf } from '../failure.ts';
import { installSynapse } from '../synapse/install.ts';
import { attach, type AttachedCluster } from './attached.ts';
import { startCluster, type Cluster } from './cluster.ts';
import { kubernetesPrograms } from './programs.ts';

/** In which variable test files find who keeps their cluster. */
const address = 'URTC_LAB_CLUSTER';

const facts = z.object({
  folder: z.string(),
  apiUrl: z.string(),
  kubeconfig: z.string(),
  helm: z.string(),
});

/** The cluster that all test files of a run share. Its API server and node are not to be broken. */
export interface SharedCluster extends Omit<AttachedCluster, 'makeNode'> {
  /** Lets go of it; it goes on for the others. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Keeps one cluster for many processes. */
export interface ClusterKeeper {
  /** Ends the cluster, if anybody has asked for it. */
  stop(): Promise<void>;
}

/** A cluster whose programs are there already is up within this time, ms (issue #5). */
const warmWithinMs = 60_000;

/**
 * Starts it and says how long that took. @throws LabError where a warm start took too long.
 */
const startShared = async (progress: Progress): Promise<Cluster> => {
  // What has to be built or fetched first is no warm start.
  await Promise.all([kubernetesPrograms(progress), installSynapse(progress)]);
  const begun = performance.now();
  const cluster = await startCluster({ name: 'shared', progress });
  const took = performance.now() - begun;
  progress(`cluster: up in ${(took / 1000).toFixed(1)} s`);
  if (took < warmWithinMs) return cluster;
  await cluster.stop();
  throw new LabError(`the cluster took ${Math.round(took)} ms, and may take ${warmWithinMs}`);
};

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new LabError('the keeper has no port');
  return at.port;
};

/**
 * Listens for test files that want the shared cluster, and starts it when the first one asks: a run
 * without such a file pays nothing. It lives in the process that outlives them all.
 */
export const keepCluster = async (progress: Progress): Promise<ClusterKeeper> => {
  let cluster: Promise<Cluster> | undefined;
  const server = createServer((_request, response) => {
    cluster ??= startShared(progress);
    cluster.then(
      (started) => response.end(JSON.stringify(facts.parse(started))),
      (error: unknown) => response.writeHead(500).end(textOf(error)),
    );
  });
  process.env[address] = `http://127.0.0.1:${await listen(server)}`;
  return {
    stop: async () => {
      Reflect.deleteProperty(process.env, address);
      server.close();
      server.closeAllConnections();
      // Why it did not come up was told to whoever asked for it.
      await cluster?.then(
        (started) => started.stop(),
        () => undefined,
      );
    },
  };
};

/**
 * The cluster that the test files of this run share; it is started by the first that asks (about
 * 10 s). Each file uses namespaces of its own, and breaks neither API server nor node: for that there
 * is `startCluster`.
 *
 * @throws LabError where nobody keeps one: outside of the integration tests.
 */
export const sharedCluster = async (): Promise<SharedCluster> => {
  const keeper = process.env[address];
  if (keeper === undefined) {
    throw new LabError('no shared cluster: it belongs to the integration tests (startCluster?)');
  }
  const answer = await fetch(keeper);
  const text = await answer.text();
  if (!answer.ok) throw new LabError(text);
  const cluster = attach(facts.parse(JSON.parse(text)));
  return { ...cluster, [Symbol.asyncDispose]: () => cluster.api.close() };
};
