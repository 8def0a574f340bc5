import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../../../../src/platform/clock.ts';
import { openKubernetes } from '../../../../src/platform/kubernetes/open.ts';
import type { Kubernetes } from '../../../../src/platform/kubernetes/port.ts';
import { sharedCluster, type SharedCluster } from '../../../lab/kubernetes/shared.ts';
import { plainEnvironment } from '../../../lab/product.ts';
import { runProgram } from '../../../lab/program.ts';
import { until } from '../../../lab/wait.ts';
import { silentLog } from '../../../unit/commands/dispatch/world.ts';
import { identity, patchTypes, type Identity } from './identity.ts';

const chart = join(import.meta.dirname, '../../../../deploy/rbac');

/** The four identities. */
export const who = ['bot', 'backup', 'upgrade', 'revoke'] as const;

/** One of the four. */
export type Who = (typeof who)[number];

/** A release of a chart, and where it is. */
interface Place {
  readonly release: string;
  readonly namespace: string;
}

/** What a test calls things. */
export interface Names {
  readonly ess: Place;
  /** Of `deploy/rbac`. */
  readonly own: Place;
  /** Where cert-manager is. */
  readonly certs: string;
}

/** A cluster with a release of ESS that is looked after by the identities of `deploy/rbac`. */
export interface Guarded {
  readonly names: Names;
  readonly cluster: SharedCluster;
  /** Whoever may do everything. */
  readonly admin: { send: SharedCluster['api']['raw'] };
  readonly as: Readonly<Record<Who, Identity>>;
  /** The product's port, with the token of one of them. The caller closes it. */
  open(name: Who): Promise<Kubernetes>;
  /** Installs the chart again, with these values over those of the tests. */
  install(values?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Waits until what the bot may not patch is refused (or not). */
  policy(is: 'there' | 'away'): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ 'certificate-authority-data': z.base64() }) }),
  ]),
});

const certificateIn = (kubeconfig: string): string => {
  const { clusters } = kubeconfigSchema.parse(JSON.parse(readFileSync(kubeconfig, 'utf8')));
  return Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString();
};

const secret = (namespace: string, name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  stringData: { key: 'loot' },
});

/**
 * Installs the identities for a release of ESS that `makeEss` makes, which has a Deployment
 * `RELEASE-haproxy`. `more`: values over those of the tests. Waits until the API server judges by the policy, which it hears of a moment after
 * the chart is installed.
 */
export const startGuarded = async (
  names: Names,
  makeEss: (cluster: SharedCluster) => Promise<void>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Guarded> => {
  const { ess, own, certs } = names;
  const cluster = await sharedCluster();
  const helm = (...args: readonly string[]): Promise<string> =>
    runProgram(cluster.helm, [...args, '--namespace', own.namespace], {
      env: plainEnvironment({ KUBECONFIG: cluster.kubeconfig, HOME: cluster.folder }),
    });
  const values = {
    ess,
    backup: { secrets: ['my-own'] },
    certManager: { namespace: certs, accountSecret: 'account', solverSecrets: ['dns-token'] },
    ...more,
  };
  const install: Guarded['install'] = async (changed = {}) => {
    const file = join(cluster.folder, `${own.release}-values.json`);
    writeFileSync(file, JSON.stringify({ ...values, ...changed }));
    await helm('upgrade', '--install', own.release, chart, '--create-namespace', '--values', file);
  };

  await cluster.kubectlApply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: certs } },
    secret(certs, 'account'),
    secret(certs, 'dns-token'),
  ]);
  await makeEss(cluster);
  await cluster.kubectlApply([secret(ess.namespace, 'loot')]);
  await install();

  const server = { url: cluster.apiUrl, ca: certificateIn(cluster.kubeconfig) };
  const of = async (name: Who): Promise<Identity> =>
    identity(server, await cluster.token(`${own.release}-${name}`, own.namespace));
  const as = {
    bot: await of('bot'),
    backup: await of('backup'),
    upgrade: await of('upgrade'),
    revoke: await of('revoke'),
  };
  const policy: Guarded['policy'] = async (is) => {
    const path = `/apis/apps/v1/namespaces/${ess.namespace}/deployments/${ess.release}-haproxy`;
    const look = async (): Promise<true | undefined> => {
      const { status } = await as.bot.send('PATCH', `${path}?dryRun=All`, {
        type: patchTypes.merge,
        body: { metadata: { labels: { probe: 'yes' } } },
      });
      return (status === 200) === (is === 'away') ? true : undefined;
    };
    await until(`the policy to be ${is}`, look, { timeoutMs: 30_000 });
  };
  const open: Guarded['open'] = async (name) => {
    const kubeconfig = await cluster.kubeconfigFor(`${own.release}-${name}`, own.namespace);
    return openKubernetes({ ...ess, from: { kubeconfig }, clock: systemClock, log: silentLog });
  };
  await policy('there');
  // Roles, too, the API server hears of a moment after they are made.
  const spaces = [ess.namespace, ...z.array(z.string()).catch([]).parse(more['neighbours'])];
  for (const namespace of spaces) {
    const question = { verb: 'list', group: '', resource: 'pods', subresource: '', name: '' };
    const isIn = async (): Promise<true | undefined> =>
      (await as.bot.may({ ...question, namespace })) ? true : undefined;
    await until(`the rights of the bot in ${namespace}`, isIn, { timeoutMs: 30_000 });
  }
  return {
    ...{ names, cluster, as, open, install, policy },
    admin: { send: (method, path, sending) => cluster.api.raw(method, path, sending) },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(who.map((name) => as[name].close()));
      await helm('uninstall', own.release);
      await cluster[Symbol.asyncDispose]();
    },
  };
};
