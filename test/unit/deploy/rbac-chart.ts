import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const templates = join(import.meta.dirname, '../../../deploy/rbac/templates');

const ruleSchema = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});

const roleSchema = z.object({
  kind: z.enum(['Role', 'ClusterRole']),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(ruleSchema),
});

/** One rule of a Role. */
export type Rule = z.infer<typeof ruleSchema>;

/** A Role or ClusterRole of the chart; its names still hold Helm's expressions. */
export type Role = z.infer<typeof roleSchema>;

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** An object of the chart, whatever it is. */
export type ChartObject = z.infer<typeof objectSchema>;

/**
 * All objects that the chart can make, every option included: the templates are YAML as they stand
 * (expressions stand in quotes, conditions and loops in comments), so nothing is left out here that
 * some value would bring.
 */
export const chartObjects = (): readonly ChartObject[] =>
  readdirSync(templates)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseAllDocuments(readFileSync(join(templates, name), 'utf8')))
    .map((document) => {
      const [problem] = 'errors' in document ? document.errors : [];
      if (problem !== undefined) throw problem;
      return objectSchema.parse(document.toJS());
    });

/** Its Roles and ClusterRoles. A rule with any field besides the four known ones does not parse. */
export const chartRoles = (): readonly Role[] =>
  chartObjects()
    .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
    .map((object) => roleSchema.parse(object));

const rightsThatGrantRights = ['escalate', 'bind', 'impersonate', 'deletecollection', '*'];
const neverAnywhere = [
  'nodes/proxy',
  'pods/proxy',
  'services/proxy',
  'pods/attach',
  'pods/ephemeralcontainers',
  'serviceaccounts/token',
  'certificatesigningrequests/approval',
];
const reading = ['get', 'list', 'watch'];

const ofRule = (role: Role, rule: Rule): readonly string[] => {
  const who = role.metadata.name;
  const isUpgrade = who.endsWith('-upgrade');
  const says = (verb: string): boolean => rule.verbs.includes(verb);
  const found: string[] = [];
  const text = JSON.stringify(rule);
  for (const each of [...rule.apiGroups, ...rule.resources, ...(rule.resourceNames ?? [])]) {
    if (each.includes('*')) found.push(`${who}: wildcard in ${text}`);
  }
  for (const verb of rightsThatGrantRights) {
    if (says(verb)) found.push(`${who}: verb ${verb} in ${text}`);
  }
  for (const resource of neverAnywhere) {
    if (rule.resources.includes(resource)) found.push(`${who}: ${resource}`);
  }
  const named = (rule.resourceNames ?? []).length > 0;
  if (rule.resources.includes('secrets') && !isUpgrade) {
    if (who.includes('-bot')) found.push(`${who}: reads Secrets`);
    if (!named || rule.verbs.join() !== 'get') found.push(`${who}: Secrets beyond get by name`);
  }
  if (rule.resources.includes('persistentvolumeclaims') && rule.verbs.includes('delete')) {
    found.push(`${who}: deletes data`);
  }
  if (rule.resources.includes('pods/exec') && (!named || who.includes('-bot'))) {
    found.push(`${who}: exec in any pod`);
  }
  if (role.kind === 'ClusterRole' && rule.verbs.some((verb) => !reading.includes(verb))) {
    found.push(`${who}: changes something in the whole cluster: ${text}`);
  }
  // `list`, `watch` and `create` know no single object: a name beside them promises what is not so.
  const nameless = rule.resources.some((resource) => !resource.includes('/'));
  if (named && nameless && rule.verbs.some((verb) => ['list', 'watch', 'create'].includes(verb))) {
    found.push(`${who}: a name does not bound ${text}`);
  }
  return found;
};

/** What no identity of ours may have, found in these Roles; empty is good. */
export const forbiddenIn = (roles: readonly Role[]): readonly string[] =>
  roles.flatMap((role) => role.rules.flatMap((rule) => ofRule(role, rule)));
