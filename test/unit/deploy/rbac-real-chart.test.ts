import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { chartRoles, type Rule } from './rbac-chart.ts';

/** A render of the real ESS chart, where the machine has it. */
const render = join(import.meta.dirname, '../../../../shared/data/ess/rendered-example.org.yaml');

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  rules: z
    .array(
      z.object({
        apiGroups: z.array(z.string()),
        resources: z.array(z.string()),
        resourceNames: z.array(z.string()).optional(),
        verbs: z.array(z.string()),
      }),
    )
    .optional(),
});

const objects = () =>
  parseAllDocuments(readFileSync(render, 'utf8'))
    .map((document) => objectSchema.nullable().parse(document.toJS()))
    .filter((object) => object !== null);

const pluralOf = (kind: string): string =>
  kind === 'Ingress' ? 'ingresses' : `${kind.toLowerCase()}s`;

const rules: readonly Rule[] = chartRoles()
  .filter(({ metadata }) => metadata.name.endsWith('-upgrade'))
  .flatMap((role) => role.rules);

/** Whether the identity for upgrades may do it to an object of that name in release `ess`. */
const may = (group: string, resource: string, verb: string, name: string): boolean =>
  rules.some((rule) => {
    const names = rule.resourceNames?.map((each) => each.replace(/\{\{.*\}\}/, 'ess'));
    return (
      rule.apiGroups.includes(group) &&
      rule.resources.includes(resource) &&
      rule.verbs.includes(verb) &&
      (names === undefined || names.includes(name))
    );
  });

describe.runIf(existsSync(render))('the upgrade of the real chart (needs ../shared/data)', () => {
  it('may write, wait for and (but for claims) remove every kind of object in it', () => {
    const missing = objects().flatMap(({ apiVersion, kind, metadata: { name } }) => {
      const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
      const isClaim = kind === 'PersistentVolumeClaim';
      return ['get', 'list', 'watch', 'create', 'patch', ...(isClaim ? [] : ['delete'])]
        .filter((verb) => !may(group, pluralOf(kind), verb, name))
        .map((verb) => `${verb} ${kind}`);
    });
    expect(objects().length).toBeGreaterThan(60);
    expect(missing).toEqual([]);
  });

  it('holds every right in the Roles of its hooks: else the API server refuses to write them', () => {
    const granted = objects().flatMap((object) => object.rules ?? []);
    expect(granted.length).toBeGreaterThan(0);
    const missing = granted.flatMap((rule) =>
      rule.apiGroups.flatMap((group) =>
        rule.resources.flatMap((resource) =>
          rule.verbs.flatMap((verb) =>
            (rule.resourceNames ?? ['']).filter((name) => !may(group, resource, verb, name)),
          ),
        ),
      ),
    );
    expect(missing).toEqual([]);
  });
});
