import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/core/errors.ts';
import { parseNamespace } from '../../../src/platform/kubernetes/namespace.ts';
import type { Kubernetes, Pod } from '../../../src/platform/kubernetes/port.ts';
import { until } from '../../lab/wait.ts';
import { installEss } from '../../lab/kubernetes/ess.ts';
import { workloadSchema } from './rbac/deeds.ts';
import { startGuarded, who, type Guarded, type Who } from './rbac/guarded.ts';
import { patchTypes } from './rbac/identity.ts';
import { healingTable, names, questionOf, table, type Row } from './rbac/table.ts';

let lab: Guarded;
beforeAll(async () => {
  lab = await startGuarded(names, (cluster) => cluster.installEss(ess));
}, 300_000);
afterAll(() => lab[Symbol.asyncDispose]());

const ess = { ...names.ess, shape: 'redis' } as const;
const elementWeb = '/apis/apps/v1/namespaces/talk/deployments/chat-element-web';
const haproxy = '/apis/apps/v1/namespaces/talk/deployments/chat-haproxy';
const exec = (pod: string): string =>
  `/api/v1/namespaces/talk/pods/${pod}/exec?command=true&stdout=true&container=main`;
const harmless = {
  container: 'postgres',
  command: ['true'],
  orphanGuard: { is: 'none' },
} as const;
const tokenRequest = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };

/** Rows to which the API server says something else. */
async function wrongOf(rows: readonly Row[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const row of rows) {
    const allowed = await lab.as[row.who].may(questionOf(row));
    if (allowed === row.allowed) continue;
    wrong.push(`${row.who} ${row.ask} in ${row.place}: ${allowed ? 'allowed' : 'denied'}`);
  }
  return wrong;
}

describe('what each identity may do', () => {
  it(`[S1] the API server allows and denies as the table of ${table.length} rows says`, async () => {
    expect(table.length).toBeGreaterThan(40);
    expect(await wrongOf(table)).toEqual([]);
  });

  it('[S1] each token is that of its ServiceAccount', async () => {
    for (const name of who) {
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
      const { text } = await lab.as[name].send('POST', path, { body });
      expect(text).toContain(`"system:serviceaccount:keepers:keeper-${name}"`);
    }
  });
});

/** What was really sent, by whom, and what the API server has to say: beside the reviews. */
const requests: readonly (readonly [Who, string, string, number])[] = [
  ['bot', 'GET', '/api/v1/namespaces/talk/pods', 200],
  ['bot', 'GET', '/api/v1/nodes', 200],
  ['bot', 'GET', '/apis/apps/v1/namespaces/talk/deployments', 200],
  ['bot', 'GET', '/api/v1/pods', 403],
  ['bot', 'GET', '/api/v1/namespaces/talk/secrets', 403],
  ['bot', 'GET', '/api/v1/namespaces/talk/secrets/chat-generated', 403],
  ['bot', 'GET', '/api/v1/namespaces/talk/secrets?watch=true', 403],
  ['bot', 'GET', '/api/v1/nodes/home/proxy/pods', 403],
  ['bot', 'GET', '/api/v1/namespaces/talk/services/chat-synapse:8008/proxy/', 403],
  ['bot', 'POST', '/api/v1/namespaces/keepers/serviceaccounts/keeper-upgrade/token', 403],
  ['bot', 'DELETE', `${haproxy}?dryRun=All`, 403],
  ['bot', 'DELETE', '/api/v1/namespaces/talk/persistentvolumeclaims/chat-postgres-data', 403],
  ['bot', 'GET', exec('chat-postgres-0'), 403],
  // 400: it was let in, and asked for the upgrade that exec wants.
  ['backup', 'GET', exec('chat-postgres-0'), 400],
  ['backup', 'GET', exec('chat-synapse-main-0'), 400],
  ['backup', 'GET', exec('chat-other-0'), 403],
  ['backup', 'GET', '/api/v1/namespaces/talk/secrets', 403],
  ['backup', 'GET', '/api/v1/namespaces/talk/secrets/chat-generated', 200],
  ['backup', 'GET', '/api/v1/namespaces/talk/secrets/loot', 403],
  ['upgrade', 'GET', '/api/v1/namespaces/talk/secrets?labelSelector=owner%3Dhelm', 200],
  ['upgrade', 'GET', '/api/v1/namespaces/certs/secrets/account', 403],
  ['upgrade', 'GET', '/api/v1/namespaces/keepers/secrets', 403],
  ['upgrade', 'DELETE', '/api/v1/namespaces/talk/persistentvolumeclaims/chat-postgres-data', 403],
  ['revoke', 'GET', '/api/v1/namespaces/certs/secrets/account', 200],
  ['revoke', 'GET', '/api/v1/namespaces/certs/secrets/dns-token', 403],
  ['revoke', 'GET', '/api/v1/namespaces/certs/secrets', 403],
];

describe('real requests', () => {
  it.each(requests)('[S1] %s %s %s → %i', async (name, method, path, expected) => {
    const body = method === 'POST' ? tokenRequest : undefined;
    const { status, text } = await lab.as[name].send(method, path, { body });
    expect(status, text.slice(0, 500)).toBe(expected);
  });

  it('[S1] upgrade: grants nobody more than it has itself', async () => {
    const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/talk/roles?dryRun=All';
    const role = (resource: string, verb: string): unknown => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'made-by-helm', namespace: 'talk' },
      rules: [{ apiGroups: [''], resources: [resource], verbs: [verb] }],
    });
    const own = await lab.as.upgrade.send('POST', roles, { body: role('secrets', 'create') });
    expect(own.status, own.text).toBe(201);
    const more = await lab.as.upgrade.send('POST', roles, { body: role('pods/exec', 'create') });
    expect(more.status, more.text).toBe(403);
    expect(more.text).toContain('attempting to grant RBAC permissions not currently held');
  });

  it('[S1] upgrade: its own patches are not those of the bot', async () => {
    const { status, text } = await lab.as.upgrade.send('PATCH', `${haproxy}?dryRun=All`, {
      type: patchTypes.merge,
      body: { metadata: { labels: { by: 'helm' } } },
    });
    expect(status, text).toBe(200);
  });

  it('[S1] upgrade: Helm upgrades ESS with this token, and not with that of the bot', async () => {
    const { cluster } = lab;
    const upgrade = async (name: Who): Promise<void> => {
      const kubeconfig = await cluster.kubeconfigFor(`keeper-${name}`, 'keepers');
      const values = { elementWeb: { replicas: 2 } };
      await installEss({ ...cluster, kubeconfig }, cluster.api, { ...ess, values });
    };
    await expect(upgrade('bot')).rejects.toThrow(/forbidden/i);
    await upgrade('upgrade');
    const { text } = await lab.admin.send('GET', elementWeb);
    expect(workloadSchema.parse(JSON.parse(text)).spec.replicas).toBe(2);
  });
});

describe('the port, with the token of the bot', () => {
  const namespace = parseNamespace('talk');
  const haproxyRef = { kind: 'Deployment', namespace, name: 'chat-haproxy' } as const;
  const anyPod = (kubernetes: Kubernetes, component: string): Pod => {
    const labels = { 'app.kubernetes.io/name': component };
    // Not one that is about to go.
    const pods = kubernetes.view.list('Pod', { namespace, labels }).value;
    const pod = pods.find(({ ready, deletingSince: at }) => ready && at === null) ?? pods[0];
    if (pod === undefined) throw new Error(`no pod of ${component}`);
    return pod;
  };
  let bot: Kubernetes;
  let backup: Kubernetes;
  beforeAll(async () => {
    bot = await lab.open('bot');
    backup = await lab.open('backup');
    await bot.view.settled();
  });
  afterAll(() => Promise.all([bot.close(), backup.close()]));

  it('[S1] sees every kind that it keeps', async () => {
    const states = await bot.view.until((view) => {
      const all = [...view.states()].map(([kind, { is }]) => `${kind} ${is}`);
      return all.some((each) => each.endsWith('starting')) ? null : all;
    }, AbortSignal.timeout(30_000));
    // The lab has no cert-manager.
    const others = states.filter((each) => !each.endsWith('connected'));
    expect(others).toEqual(['Certificate absent']);
    expect(bot.view.workloads({ namespace }).value.length).toBeGreaterThan(5);
  });

  it('[S1] restarts, scales, and gives the number back', async () => {
    await bot.restart(haproxyRef, Date.UTC(2026, 10, 22));
    await bot.scale(haproxyRef, 2);
    expect((await bot.readScale(haproxyRef)).wanted).toBe(2);
    await bot.scale(haproxyRef, 1);
    await bot.releaseReplicas(haproxyRef);
    const { text } = await lab.admin.send('GET', haproxy);
    expect(text).not.toContain('"subresource":"scale"');
  });

  it('[S1] reads logs, volumes, use, neighbours and ConfigMaps', async () => {
    // Of a component whose pods stay: HAProxy was restarted just before.
    const { name, specs } = anyPod(bot, 'element-admin');
    const container = specs[0]?.name ?? '';
    const read = async (): Promise<number> => {
      let bytes = 0;
      for await (const chunk of bot.logs({ namespace, name, container, tail: 5 })) {
        bytes += chunk.length;
      }
      return bytes;
    };
    await expect(read()).resolves.toBeGreaterThanOrEqual(0);
    const [claim] = bot.view.list('PersistentVolumeClaim', { namespace }).value;
    expect(await bot.volume(claim?.volumeName ?? '')).not.toBeNull();
    await bot.listLive('Service', { namespace: parseNamespace('kube-system') });
    await bot.listLive('Deployment', { namespace: parseNamespace('kube-system') });
    expect(await bot.configMap({ namespace, name: 'chat-markers' })).not.toBeNull();
    const apiVersion = 'cert-manager.io/v1';
    await bot.listCustom({ apiVersion, resource: 'certificaterequests', namespace });
  });

  it('[S1] reads the use of nodes and pods', async () => {
    // The metrics server has its first figures about 20 s after its start.
    const read = async (): Promise<true | undefined> => {
      try {
        await bot.podUsage(namespace);
        await bot.nodeUsage();
        return true;
      } catch (error) {
        if (error instanceof AppError && error.code === 'E_KUBERNETES_UNREACHABLE')
          return undefined;
        throw error;
      }
    };
    await until('figures', read, { timeoutMs: 60_000, everyMs: 250 });
  });

  it('[S1] is told which rule is missing, or what the policy says', async () => {
    const pod = { namespace, name: 'chat-postgres-0' };
    const forbidden = { code: 'E_KUBERNETES_FORBIDDEN' };
    await expect(bot.secret({ namespace, name: 'chat-generated' })).rejects.toMatchObject({
      ...forbidden,
      params: { verb: 'get', resource: 'secrets' },
    });
    await expect(bot.run({ ...pod, ...harmless })).rejects.toMatchObject(forbidden);
    await expect(bot.dial({ pod, port: 5432 })).rejects.toMatchObject(forbidden);
    const meta = { name: 'chat-haproxy', namespace, labels: { mine: 'yes' } };
    const bent = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta };
    const refusal: unknown = await bot
      .apply(bent, { force: true })
      .catch((error: unknown) => error);
    const policy = 'keeper-bot-restart';
    expect(refusal).toMatchObject({ code: 'E_KUBERNETES_POLICY', params: { policy } });
    expect(JSON.stringify(refusal)).toContain('may not write metadata.labels');
  });

  it('[S1] runs programs with that of backups, in the two pods that it names', async () => {
    const done = await backup.run({ namespace, name: 'chat-postgres-0', ...harmless });
    expect(done.exitCode).toBe(0);
    const { name } = anyPod(bot, 'haproxy');
    await expect(
      backup.run({ namespace, name, ...harmless, container: 'haproxy' }),
    ).rejects.toMatchObject({ code: 'E_KUBERNETES_FORBIDDEN' });
  });

  describe('where self-healing is turned on', () => {
    const pods = '/api/v1/namespaces/talk/pods';
    const policy =
      '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/keeper-bot-healing';
    const checkedSchema = z.object({
      status: z.object({ typeChecking: z.looseObject({}).optional() }).optional(),
    });
    const bare = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'chat-hook', namespace: 'talk' } },
      spec: { containers: [{ name: 'hook', image: 'example.org/hook:1' }] },
    };
    const refusal = async (pod: string, body?: unknown): Promise<string> => {
      const path = `${pods}/${pod}?dryRun=All`;
      const { status, text } = await lab.as.bot.send('DELETE', path, { body });
      return status === 403 ? text : `let in with ${status}`;
    };
    beforeAll(async () => {
      await lab.install({ healing: { enabled: true } });
      await lab.cluster.kubectlApply([bare]);
      const isBound = async (): Promise<true | undefined> =>
        (await refusal('chat-postgres-0')).includes('may not delete') ? true : undefined;
      await until('the policy', isBound, { timeoutMs: 30_000 });
    });
    afterAll(() => lab.install());

    it(`[S1] the table of ${healingTable.length} rows holds`, async () => {
      expect(await wrongOf(healingTable)).toEqual([]);
    });

    it('[S1] the policy is understood by Kubernetes: no field in it that it does not know', async () => {
      const checked = await until(
        'its check',
        async () => {
          const { text } = await lab.admin.send('GET', policy);
          return checkedSchema.parse(JSON.parse(text)).status?.typeChecking;
        },
        { timeoutMs: 30_000 },
      );
      expect(checked).toEqual({});
    });

    it('[S1] a pod of a component may be deleted, and comes back', async () => {
      const { name, uid } = anyPod(bot, 'element-admin');
      await bot.deletePod({ namespace, name, uid });
    });

    it('[S1] no pod of the database, of nobody, or at once', async () => {
      const { name } = anyPod(bot, 'haproxy');
      expect(await refusal('chat-postgres-0')).toContain('may not delete chat-postgres-0');
      expect(await refusal('chat-hook')).toContain('would not come back');
      expect(await refusal(name, { gracePeriodSeconds: 0 })).toContain('the time that it needs');
      expect(await refusal(name)).toBe('let in with 200');
    });
  });
});
