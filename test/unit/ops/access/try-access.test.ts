import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../../../src/core/errors.ts';
import { nameOfRight, neededRights } from '../../../../src/ops/access/needed-rights.ts';
import { tryAccess } from '../../../../src/ops/access/try-access.ts';
import { FakeCluster } from '../../../fakes/cluster.ts';

const signal = new AbortController().signal;

/** What an identity of ours may. */
const modest = ({ resource, subresource }: { resource: string; subresource?: string }) =>
  resource !== 'secrets' && subresource !== 'exec';

describe('the way into the cluster (fake cluster)', () => {
  it('tells who we are, and that nothing is missing', async () => {
    const cluster = new FakeCluster();
    cluster.allows = modest;
    expect(await tryAccess(cluster, signal)).toEqual({
      ...{ is: 'in', identity: 'system:serviceaccount:urtc:urtc-bot', version: 'v1.36.4+k3s1' },
      ...{ missing: [], excess: [] },
    });
    expect(cluster.requests).toBeLessThan(45);
  });

  it.each(neededRights.map((right) => [nameOfRight(right), right] as const))(
    'names %s where it is missing',
    async (_name, right) => {
      const { where, ...wanted } = right;
      const cluster = new FakeCluster();
      cluster.allows = (question) => {
        const { namespace, ...rest } = question;
        const isIt = JSON.stringify(rest) === JSON.stringify(wanted);
        if (isIt) expect(namespace).toBe(where === 'release' ? 'ess' : undefined);
        return modest(question) && !isIt;
      };
      const access = await tryAccess(cluster, signal);
      expect(access).toMatchObject({ is: 'in', missing: [right] });
    },
  );

  it('tells an identity that may do everything', async () => {
    const access = await tryAccess(new FakeCluster(), signal);
    expect(access).toMatchObject({ missing: [], excess: [{ resource: 'secrets' }, {}] });
  });

  it.each([
    'E_KUBERNETES_UNREACHABLE',
    'E_KUBERNETES_UNAUTHORIZED',
    'E_KUBERNETES_CONFIG',
  ] as const)('tells %s as what it is', async (code) => {
    const cluster = new FakeCluster();
    const problem = new AppError(code, { url: 'u', source: 's', reason: 'r' });
    cluster.failures.set('identity', problem);
    expect(await tryAccess(cluster, signal)).toEqual({ is: 'refused', problem });
  });

  it('throws the reason of its signal', async () => {
    const cluster = new FakeCluster();
    cluster.failures.set('can', new AppError('E_KUBERNETES_ANSWER', {}));
    const reason = new Error('enough');
    await expect(tryAccess(cluster, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

const rule = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});
const role = z.looseObject({ kind: z.string(), rules: z.array(rule).default([]) });

it('deploy/rbac gives the bot every right that is asked for', () => {
  const file = join(import.meta.dirname, '../../../../deploy/rbac/templates/bot.yaml');
  // What is templated are names only.
  const [own = ''] = readFileSync(file, 'utf8').split('# {{ range');
  const rules = parseAllDocuments(own).flatMap((document) => {
    const found = role.safeParse(document.toJS());
    return found.success
      ? found.data.rules.map((each) => ({ ...each, kind: found.data.kind }))
      : [];
  });
  expect(rules.length).toBeGreaterThan(8);
  for (const right of neededRights) {
    const { where, verb, group, resource, subresource } = right;
    const kind = where === 'release' ? 'Role' : 'ClusterRole';
    const path = subresource === undefined ? resource : `${resource}/${subresource}`;
    const isGiven = rules.some(
      (each) =>
        each.kind === kind &&
        each.apiGroups.includes(group) &&
        each.resources.includes(path) &&
        each.verbs.includes(verb),
    );
    expect([nameOfRight(right), isGiven]).toEqual([nameOfRight(right), true]);
  }
});
