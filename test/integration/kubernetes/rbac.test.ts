import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installEss } from '../../lab/kubernetes/ess.ts';
import { workloadSchema } from './rbac/deeds.ts';
import { startGuarded, who, type Guarded, type Who } from './rbac/guarded.ts';
import { patchTypes } from './rbac/identity.ts';
import { names, questionOf, table } from './rbac/table.ts';

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
const tokenRequest = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };

describe('what each identity may do', () => {
  it(`[S1] the API server allows and denies as the table of ${table.length} rows says`, async () => {
    expect(table.length).toBeGreaterThan(40);
    const wrong: string[] = [];
    for (const row of table) {
      const allowed = await lab.as[row.who].may(questionOf(row));
      if (allowed !== row.allowed) {
        wrong.push(`${row.who} ${row.ask} in ${row.place}: ${allowed ? 'allowed' : 'denied'}`);
      }
    }
    expect(wrong).toEqual([]);
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
