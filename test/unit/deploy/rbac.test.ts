import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { components } from '../../../src/ops/stack/components.ts';
import { kinds } from '../../../src/platform/kubernetes/kinds/index.ts';
import { chartObjects, chartRoles, forbiddenIn, type Rule } from './rbac-chart.ts';

const subject = z.strictObject({ kind: z.string(), name: z.string(), namespace: z.string() });
const bindingSchema = z.object({
  kind: z.enum(['RoleBinding', 'ClusterRoleBinding']),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(subject),
});

const deploy = join(import.meta.dirname, '../../../deploy/rbac');
const valuesSchema = z.object({ scale: z.object({ components: z.array(z.string()) }) });

const bad: readonly [string, 'bot' | 'backup' | 'upgrade', Rule][] = [
  ['a wildcard verb', 'upgrade', { apiGroups: [''], resources: ['pods'], verbs: ['*'] }],
  ['a wildcard resource', 'upgrade', { apiGroups: [''], resources: ['*'], verbs: ['get'] }],
  ['a wildcard group', 'upgrade', { apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }],
  ['all scales', 'bot', { apiGroups: ['apps'], resources: ['*/scale'], verbs: ['patch'] }],
  ['Secrets for the bot', 'bot', { apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
  [
    'one Secret for the bot',
    'bot',
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['a'], verbs: ['get'] },
  ],
  [
    'the end of a volume claim',
    'bot',
    { apiGroups: [''], resources: ['pods', 'persistentvolumeclaims'], verbs: ['delete'] },
  ],
  ['any Secret', 'backup', { apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
  [
    'a list of Secrets',
    'backup',
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['a'], verbs: ['get', 'list'] },
  ],
  ['the kubelet', 'upgrade', { apiGroups: [''], resources: ['nodes/proxy'], verbs: ['get'] }],
  [
    'exec in any pod',
    'backup',
    { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
  ],
  ['tokens', 'bot', { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }],
  [
    'more rights than its own',
    'upgrade',
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['escalate'] },
  ],
  [
    'others’ rights',
    'upgrade',
    { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
  ],
];

describe('deploy/rbac', () => {
  it('[S1] has no wildcard, no Secret for the bot, no nodes/proxy, nothing that grants rights', () => {
    const roles = chartRoles();
    expect(roles.length).toBeGreaterThan(6);
    expect(forbiddenIn(roles)).toEqual([]);
  });

  it.each(bad)('[S1] the check finds %s', (_, who, rule) => {
    const role = { kind: 'Role' as const, metadata: { name: `urtc-${who}` }, rules: [rule] };
    expect(forbiddenIn([role])).not.toEqual([]);
  });

  it('changes nothing outside a namespace', () => {
    const rules: Rule[] = [{ apiGroups: [''], resources: ['nodes'], verbs: ['patch'] }];
    const role = { kind: 'ClusterRole' as const, metadata: { name: 'urtc-bot' }, rules };
    expect(forbiddenIn([role])).toHaveLength(1);
  });

  it('lists Secrets for nobody but Helm', () => {
    const listing = chartRoles().filter(({ rules }) =>
      rules.some((rule) => rule.resources.includes('secrets') && rule.verbs.includes('list')),
    );
    expect(listing.map(({ metadata }) => metadata.name)).toEqual(['{{ .Release.Name }}-upgrade']);
  });

  it('binds each Role to one identity, which bears its name', () => {
    const bindings = chartObjects()
      .filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding')
      .map((object) => bindingSchema.parse(object));
    for (const role of chartRoles()) {
      const { name, namespace } = role.metadata;
      const own = bindings.filter(
        (binding) =>
          binding.roleRef.kind === role.kind &&
          binding.roleRef.name === name &&
          binding.metadata.namespace === namespace,
      );
      expect(own, name).toHaveLength(1);
      const [only] = own;
      expect(only?.subjects, name).toHaveLength(1);
      const [who] = only?.subjects ?? [];
      expect(who?.kind).toBe('ServiceAccount');
      expect(name.startsWith(who?.name ?? 'nobody'), `${name} for ${who?.name ?? ''}`).toBe(true);
      expect(who?.namespace).toMatch(/Release\.Namespace/);
    }
    expect(bindings).toHaveLength(chartRoles().length);
  });

  it('gives no pod a token unasked', () => {
    const accounts = chartObjects().filter(({ kind }) => kind === 'ServiceAccount');
    expect(accounts.map(({ metadata }) => metadata.name.split('-').at(-1)).sort()).toEqual([
      'backup',
      'bot',
      'revoke',
      'upgrade',
    ]);
    for (const account of accounts) expect(account['automountServiceAccountToken']).toBe(false);
  });

  it('refuses what its policies cannot judge, and binds each of them to deny', () => {
    const objects = chartObjects();
    const policies = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
    expect(policies).toHaveLength(4);
    for (const policy of policies) {
      expect(policy['spec']).toMatchObject({ failurePolicy: 'Fail' });
      const bindings = objects.filter(
        ({ kind, metadata }) =>
          kind === 'ValidatingAdmissionPolicyBinding' && metadata.name === policy.metadata.name,
      );
      expect(bindings.map((binding) => binding['spec'])).toEqual([
        { policyName: policy.metadata.name, validationActions: ['Deny'] },
      ]);
    }
  });

  it.each(Object.entries(kinds))('lets the bot watch every %s that it keeps', (_, kind) => {
    const role = chartRoles().find(
      ({ kind: is, metadata }) =>
        metadata.name === '{{ .Release.Name }}-bot' &&
        is === (kind.namespaced ? 'Role' : 'ClusterRole'),
    );
    const verbs = (role?.rules ?? [])
      .filter(({ apiGroups }) => apiGroups.includes(kind.group))
      .filter(({ resources }) => resources.includes(kind.resource))
      .flatMap((rule) => rule.verbs);
    expect(verbs).toEqual(expect.arrayContaining(['get', 'list', 'watch']));
  });

  it('lets exactly those be scaled that may have more than one pod', () => {
    const values = readFileSync(join(deploy, 'values.yaml'), 'utf8');
    const allowed = valuesSchema.parse(parse(values)).scale.components;
    const scalable = components.filter(({ scaling }) => scaling.is !== 'single');
    expect([...allowed].sort()).toEqual(scalable.flatMap(({ names }) => names).sort());
  });

  it('is explained: every resource that the bot may touch stands in docs/kubernetes.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/kubernetes.md'), 'utf8');
    const resources = chartRoles()
      .filter(({ metadata }) => metadata.name.includes('-bot'))
      .flatMap(({ rules }) => rules.flatMap((rule) => rule.resources));
    for (const resource of new Set(resources)) expect(page).toContain(`\`${resource}\``);
  });
});
