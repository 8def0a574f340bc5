import { until } from '../../../lab/wait.ts';
import type { Guarded } from './guarded.ts';

const name = 'put-for-once';
const apiVersion = 'rbac.authorization.k8s.io/v1';
const question = { verb: 'update', group: 'apps', resource: 'deployments', subresource: '' };

/**
 * Gives the bot the right to PUT, which it lacks, until it is disposed of: so that the policy is asked
 * and not RBAC before it.
 */
export const mayPut = async ({ admin, as, names }: Guarded): Promise<AsyncDisposable> => {
  const { namespace } = names.ess;
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const made = async (kind: string, rest: object): Promise<void> => {
    const body = { apiVersion, kind, metadata: { name, namespace }, ...rest };
    const { status, text } = await admin.send('POST', `${path}/${kind.toLowerCase()}s`, { body });
    if (status !== 201) throw new Error(`${kind} → ${status}: ${text}`);
  };
  const settled = (wanted: boolean): Promise<true> =>
    until(
      `the bot ${wanted ? 'to' : 'not to'} have the right`,
      async () => {
        const may = await as.bot.may({ ...question, namespace, name: '' });
        return may === wanted ? true : undefined;
      },
      { timeoutMs: 60_000 },
    );
  await made('Role', {
    rules: [{ apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['update'] }],
  });
  await made('RoleBinding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [
      { kind: 'ServiceAccount', name: `${names.own.release}-bot`, namespace: names.own.namespace },
    ],
  });
  await settled(true);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const kind of ['rolebindings', 'roles']) {
        const { status, text } = await admin.send('DELETE', `${path}/${kind}/${name}`);
        if (status !== 200) throw new Error(`${kind} → ${status}: ${text}`);
      }
      await settled(false);
    },
  };
};
