import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { Api, labObject, type LabObject } from './api.ts';
import { nodeName } from './base-objects.ts';
import { essChart, installEss, type EssChart, type EssRelease } from './ess.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import type { NodeBehaviour } from './kwok/node-stages.ts';
import { notes } from './kwok/stage.ts';
import { pkiIn } from './pki.ts';
import { Pods } from './pods.ts';

/** What tells a cluster to whoever wants to use it, also in another process. */
export interface ClusterFacts {
  /** All that it reads and writes lies here, with the logs of its programs. */
  readonly folder: string;
  /** `https://127.0.0.1:PORT`; the same over stops and starts. */
  readonly apiUrl: string;
  /** Of a cluster admin. */
  readonly kubeconfig: string;
  readonly helm: string;
}

const auditCall = z.looseObject({
  auditID: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  // Nobody, where the API server took a token for none of its own.
  user: z.looseObject({ username: z.string().default('') }),
  userAgent: z.string().default(''),
  objectRef: z
    .looseObject({
      resource: z.string().default(''),
      subresource: z.string().default(''),
      namespace: z.string().default(''),
      name: z.string().default(''),
    })
    .default({ resource: '', subresource: '', namespace: '', name: '' }),
  responseStatus: z.looseObject({ code: z.number() }).default({ code: 0 }),
  requestObject: z.unknown().optional(),
});

/** A call of the API server, as its audit log tells it. */
export type AuditCall = z.output<typeof auditCall>;

const tokenAnswer = z.object({ status: z.object({ token: z.string() }) });

/** A running cluster as a test uses it. */
export interface AttachedCluster extends ClusterFacts {
  /** The API server as a cluster admin, for arranging things. */
  readonly api: Api;
  /** Makes pods misbehave and recover; their logs, programs and ports. */
  readonly pods: Pods;
  /**
   * Installs or upgrades a release of the fixture chart, or of the real one where
   * `URTC_TEST_ESS_CHART` names it. Returns when Helm has seen everything ready.
   */
  installEss(release: EssRelease): Promise<void>;
  /** The chart that a shape is installed from. */
  essChart(shape: EssRelease['shape']): Promise<EssChart>;
  /** Server-side apply of objects or a YAML text, in their order. */
  kubectlApply(what: string | readonly LabObject[]): Promise<void>;
  /** A token of a service account, valid for a day. */
  token(serviceAccount: string, namespace: string): Promise<string>;
  /** The path of a kubeconfig that speaks as a service account. */
  kubeconfigFor(serviceAccount: string, namespace: string): Promise<string>;
  /** Makes the node suffer. Not on the shared cluster: its node carries everybody's pods. */
  makeNode(behaviour: NodeBehaviour): Promise<void>;
  /** All calls up to now that were not made by the cluster's own parts. */
  auditLog(): AuditCall[];
}

/** Nothing where a YAML text has an empty document. */
const someObject = z.union([z.null().transform(() => undefined), labObject]);

const objectsIn = (what: string | readonly LabObject[]): readonly LabObject[] =>
  typeof what === 'string'
    ? parseAllDocuments(what)
        .map((document) => someObject.parse(document.toJS()))
        .filter((object) => object !== undefined)
    : what;

/** Uses a cluster that runs. */
export const attach = (facts: ClusterFacts): AttachedCluster => {
  const pki = pkiIn(join(facts.folder, 'pki'));
  const api = new Api(facts.apiUrl, pki);
  const token = async (serviceAccount: string, namespace: string): Promise<string> => {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
    const spec = { expirationSeconds: 24 * 60 * 60 };
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    return tokenAnswer.parse(await api.send('POST', path, { body })).status.token;
  };
  return {
    ...facts,
    api,
    pods: new Pods(api, facts.folder),
    installEss: (release) => installEss(facts, api, release),
    essChart: (shape) => essChart(facts, shape),
    kubectlApply: async (what) => {
      for (const object of objectsIn(what)) await api.apply(object);
    },
    token,
    kubeconfigFor: async (serviceAccount, namespace) =>
      writeKubeconfig(
        join(facts.folder, `${namespace}.${serviceAccount}.kubeconfig`),
        { apiUrl: facts.apiUrl, pki },
        { token: await token(serviceAccount, namespace) },
        namespace,
      ),
    makeNode: async (behaviour) => {
      const annotations = { [notes.node]: behaviour };
      await api.send('PATCH', `/api/v1/nodes/${nodeName}`, {
        type: 'application/merge-patch+json',
        body: { metadata: { annotations } },
      });
    },
    auditLog: () =>
      readFileSync(join(facts.folder, 'audit.log'), 'utf8')
        .split('\n')
        // Behind the last end of a line is nothing, or what is being written.
        .slice(0, -1)
        .filter((line) => line !== '')
        .map((line) => auditCall.parse(JSON.parse(line))),
  };
};
