import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricHelp } from '../../../src/bot/daemon/metrics.ts';
import { prometheusPrograms } from '../../lab/alerts/prometheus-program.ts';
import { LabError } from '../../lab/failure.ts';
import { runProgram } from '../../lab/program.ts';
import { promtoolTest, ruleCases, rules, rulesFileOf } from './rules/cases.ts';

const monitoring = resolve(import.meta.dirname, '../../../deploy/monitoring');
const rulesFile = join(monitoring, 'rules.yaml');

let promtool: string;
let folder: string;
/** Per rule. */
const testFiles = new Map<string, readonly string[]>();
/** What one run of all of them says. */
let verdict: string;

const write = (name: string, content: object): string => {
  const file = join(folder, name);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(content));
  return file;
};

const testRules = async (files: readonly string[]): Promise<string> => {
  try {
    await runProgram(promtool, ['test', 'rules', ...files]);
    return 'passed';
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
};

beforeAll(async () => {
  ({ promtool } = await prometheusPrograms((text) => void process.stderr.write(`lab: ${text}\n`)));
  folder = mkdtempSync(join(tmpdir(), 'urtc-rules-'));
  for (const rule of rules) {
    const alone = write(`${rule.alert}.rules.json`, rulesFileOf(rule));
    const cases = ruleCases.filter(({ alert }) => alert === rule.alert);
    const files = cases.map((given, i) =>
      write(`${rule.alert}.${i}.json`, promtoolTest(rule, alone, given)),
    );
    testFiles.set(rule.alert, files);
  }
  verdict = await testRules([...testFiles.values()].flat());
}, 1_200_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the rules', () => {
  it('[#18] promtool check rules finds nothing wrong, and as many as there are', async () => {
    const told = await runProgram(promtool, [
      'check',
      'rules',
      '--lint=all',
      '--lint-fatal',
      rulesFile,
    ]);
    expect(told).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(rules.length).toBeGreaterThan(50);
  });

  it('[#18] promtool check config accepts the Prometheus beside them', async () => {
    const told = await runProgram(promtool, [
      ...['check', 'config', '--lint=all', '--lint-fatal'],
      join(monitoring, 'prometheus.yaml'),
    ]);
    expect(told).toContain('prometheus.yaml is valid prometheus config file syntax');
  });

  it('[#18] each rule has a case in which it fires and one in which it must not', () => {
    expect([...new Set(ruleCases.map((each) => each.alert))].sort()).toEqual(
      rules.map((rule) => rule.alert).sort(),
    );
    const silent = rules.filter(({ alert }) =>
      ruleCases.every((each) => each.alert !== alert || each.healthy.length === 0),
    );
    // It fires always.
    expect(silent.map((rule) => rule.alert)).toEqual(['Watchdog']);
  });

  it('[#18] what they ask of the bot, the bot tells', () => {
    const asked = rules.flatMap((rule) => rule.expr.match(/\burtc_\w+/g) ?? []);
    const unknown = [...new Set(asked)].filter((name) => !Object.hasOwn(metricHelp, name));
    // Told by whatever takes backups (rules.yaml).
    expect(unknown).toEqual(['urtc_backup_last_success_time_seconds']);
  });

  it.each(rules.map(({ alert }) => alert))(
    '[#18] promtool test rules: %s fires when it must, not a minute before, not when all is well',
    async (alert) => {
      const files = testFiles.get(alert) ?? [];
      expect(files.length).toBeGreaterThan(0);
      // One by one only to find the one that is wrong.
      if (verdict !== 'passed') expect(await testRules(files)).toBe('passed');
    },
  );

  it('[#18] all of them in one run of promtool', () => {
    expect(verdict).toBe('passed');
  });
});
