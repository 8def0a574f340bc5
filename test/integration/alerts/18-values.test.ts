import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { kubernetesPrograms } from '../../lab/kubernetes/programs.ts';
import { runProgram } from '../../lab/program.ts';
import { rules } from './rules/cases.ts';
import { plainConfig } from './rules/routing.ts';

const monitoring = resolve(import.meta.dirname, '../../../deploy/monitoring');
const read = (name: string): unknown => parse(readFileSync(join(monitoring, name), 'utf8'));

const requests = z.object({ requests: z.object({ cpu: z.string(), memory: z.string() }) });

/** What is asked for, wherever it stands. */
const requested = (value: unknown): { cpu: number; memory: number } => {
  const own = requests.safeParse(value);
  if (own.success) {
    const { cpu, memory } = own.data.requests;
    return { cpu: parseInt(cpu), memory: memory.endsWith('Mi') ? parseInt(memory) : NaN };
  }
  const inner = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return inner
    .map(requested)
    .reduce((a, b) => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory }), { cpu: 0, memory: 0 });
};

const off = z.object({ enabled: z.literal(false) });
const quirks = z.object({
  kubeApiServer: off,
  kubeControllerManager: off,
  kubeScheduler: off,
  kubeProxy: off,
  kubeEtcd: off,
});

describe('the values for the chart', () => {
  it('[#18] lean asks for no more than a small node has, and for nothing that K3s has not', () => {
    const lean = read('values-lean.yaml');
    expect(quirks.safeParse(lean).success).toBe(true);
    const { cpu, memory } = requested(lean);
    // Two reloaders run: beside Prometheus and beside Alertmanager.
    expect({ cpu: cpu + 5, memory: memory + 24 }).toEqual({ cpu: 160, memory: 500 });
  });

  it('[#18] the PrometheusRule has the same rules as the file', () => {
    const object = z
      .object({ kind: z.literal('PrometheusRule'), spec: z.unknown() })
      .parse(read('prometheus-rule.yaml'));
    expect(object.spec).toEqual(read('rules.yaml'));
  });
});

const chart = process.env['URTC_TEST_PROMETHEUS_CHART'] ?? '';

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({}).optional(),
  data: z.record(z.string(), z.string()).optional(),
});

const render = async (...profile: readonly string[]) => {
  const { helm } = await kubernetesPrograms();
  const files = [...profile, 'values-alertmanager.yaml'].map((name) => join(monitoring, name));
  const values = files.flatMap((file) => ['--values', file]);
  const told = await runProgram(helm, [
    ...['template', 'monitoring', chart, '--namespace', 'monitoring', ...values],
  ]);
  return parseAllDocuments(told)
    .map((document) => objectSchema.nullable().parse(document.toJS()))
    .filter((object) => object !== null);
};

const ruleNames = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string().optional() })) })),
});

describe.runIf(chart !== '')('the real chart (URTC_TEST_PROMETHEUS_CHART)', () => {
  it('[#18] helm template, lean: the config of Alertmanager arrives whole, no rule of the chart does', async () => {
    const objects = await render('values-lean.yaml');
    const kinds = objects.map((each) => each.kind);
    expect(kinds).not.toContain('PrometheusRule');
    expect(kinds).not.toContain('Job');
    const secret = objects.find(
      ({ kind, metadata }) => kind === 'Secret' && metadata.name.startsWith('alertmanager-'),
    );
    const text = Buffer.from(secret?.data?.['alertmanager.yaml'] ?? '', 'base64').toString();
    const arrived = z.looseObject({}).parse(parse(text));
    const { route, inhibit_rules: mutes } = plainConfig();
    expect(arrived['route']).toEqual(route);
    expect(arrived['inhibit_rules']).toEqual(mutes);
    const monitors = objects.filter(({ kind }) => kind === 'ServiceMonitor');
    expect(monitors.map(({ metadata }) => metadata.name).sort()).toEqual([
      'monitoring-kube-prometheus-alertmanager',
      'monitoring-kube-prometheus-kubelet',
      'monitoring-kube-prometheus-operator',
      'monitoring-kube-prometheus-prometheus',
      'monitoring-kube-state-metrics',
      'monitoring-prometheus-node-exporter',
    ]);
  });

  it('[#18] helm template, full: Grafana, and no alert that ours tell already', async () => {
    const objects = await render('values-lean.yaml', 'values-full.yaml');
    expect(objects.some(({ metadata }) => metadata.name === 'monitoring-grafana')).toBe(true);
    const alerts = objects
      .filter(({ kind }) => kind === 'PrometheusRule')
      .flatMap(({ spec }) => ruleNames.parse(spec).groups.flatMap((group) => group.rules))
      .flatMap(({ alert }) => alert ?? []);
    const ours = new Set(rules.map((rule) => rule.alert));
    expect(alerts.filter((alert) => ours.has(alert))).toEqual([]);
    expect(alerts.length).toBeGreaterThan(10);
  });
});
