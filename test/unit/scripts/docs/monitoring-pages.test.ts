import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  alertmanagerValuesPage,
  ruleGroups,
  runbookPage,
} from '../../../../scripts/docs/monitoring-pages.ts';
import { nameOf } from '../../../../src/commands/command-index.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import { alertsSchema } from '../../../../src/platform/config/alerts-schema.ts';
import { components } from '../../../../src/ops/stack/components.ts';

const rules = ruleGroups().flatMap((group) => group.rules);
const titles = commands.map(nameOf);

/** Whether `words` begins with a command; `logs synapse` names a component, too. */
const isCommand = (words: string): boolean => {
  const name = titles.find((title) => words === title || words.startsWith(`${title} `));
  if (name === undefined) return false;
  const [component] = words.slice(name.length).trim().split(' ');
  const takesOne = name === 'logs' || name === 'restart';
  const isKnown = components.some((each) => each.key === component);
  return !takesOne || component === '' || isKnown;
};

describe('the runbook', () => {
  it('has the place that each rule points at', () => {
    const headings = [...runbookPage().matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(rules.map((rule) => rule.alert));
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    }
  });

  it('names commands and components that there are', () => {
    const named = rules.flatMap((rule) => [
      ...rule.annotations.first_step.matchAll(/`urtc ([^`]+)`/g),
    ]);
    expect(named.length).toBeGreaterThan(20);
    expect(named.map(([, words = '']) => words).filter((words) => !isCommand(words))).toEqual([]);
    expect(isCommand('restart nobody')).toBe(false);
    expect(isCommand('reboot')).toBe(false);
  });
});

describe('the values for Alertmanager', () => {
  it('hold no address and no secret of anybody: those come from the Secret', () => {
    const page = alertmanagerValuesPage();
    expect(page).not.toContain('example.org');
    const webhook = z.looseObject({ url: z.string().optional(), url_file: z.string().optional() });
    const receiver = z.object({ name: z.string(), webhook_configs: z.array(webhook) });
    const { alertmanager } = z
      .object({ alertmanager: z.object({ config: z.object({ receivers: z.array(receiver) }) }) })
      .parse(parse(page));
    const addresses = alertmanager.config.receivers.map(({ name, webhook_configs: [first] }) => [
      name,
      first?.url ?? first?.url_file,
    ]);
    const mounted = '/etc/alertmanager/secrets/urtc-alertmanager';
    expect(addresses).toEqual([
      ['urtc', 'https://10.42.0.1:9465/alerts/alertmanager'],
      ['heartbeat', `${mounted}/heartbeat-url`],
      ['out-of-band', `${mounted}/out-of-band-url`],
    ]);
  });
});

describe('docs/monitoring.md', () => {
  it('shows a config that the bot takes, at the addresses that the values name', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/monitoring.md'), 'utf8');
    const block = /```yaml\n\s+# \/etc\/urtc\/config\.yaml\n([^`]+)```/.exec(page)?.[1] ?? '';
    const { alerts } = z.object({ alerts: alertsSchema }).parse(parse(block));
    const intake = `https://${alerts.listen.host}:${alerts.listen.port}/alerts/alertmanager`;
    expect(alertmanagerValuesPage()).toContain(intake);
    const lean = z
      .object({ alertmanager: z.object({ service: z.object({ clusterIP: z.string() }) }) })
      .parse(parse(readFileSync('deploy/monitoring/values-lean.yaml', 'utf8')));
    expect(alerts.alertmanager?.url).toBe(`http://${lean.alertmanager.service.clusterIP}:9093`);
  });
});
