import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ruleGroups } from '../../../../scripts/docs/monitoring-pages.ts';

const series = z.record(z.string(), z.string());

const caseSchema = z.strictObject({
  alert: z.string(),
  fires: series,
  at: z
    .string()
    .regex(/^\d+m$/)
    .optional(),
  labels: z.record(z.string(), z.string()).default({}),
  summary: z.string(),
  healthy: z.array(series).default([]),
});

/** When a rule fires and when it must not (rules/*.yaml). */
export type RuleCase = z.output<typeof caseSchema>;

const files = ['matrix.yaml', 'machine.yaml', 'bot.yaml'];

/** All cases. Throws where one is not of the form. */
export const ruleCases: readonly RuleCase[] = files.flatMap((file) =>
  z
    .array(caseSchema)
    // Only strings: promtool's `0x60` would be a number else.
    .parse(parse(readFileSync(join(import.meta.dirname, file), 'utf8'), { schema: 'failsafe' })),
);

/** All rules of `deploy/monitoring`. */
export const rules = ruleGroups().flatMap((group) => group.rules);

/** One of {@link rules}. */
export type Rule = (typeof rules)[number];

const minutesOf = (duration = '0m'): number => {
  const [, count, unit] = /^(\d+)([mh])$/.exec(duration) ?? [];
  if (count === undefined) throw new Error(`no minutes: ${duration}`);
  return Number(count) * (unit === 'h' ? 60 : 1);
};

/** The minute in which the case's alert is there for the first time. */
export const firstMinute = (rule: Rule, { at }: RuleCase): number => minutesOf(at ?? rule.for);

/** A rules file with this rule alone: promtool evaluates all that it is given, minute by minute. */
export const rulesFileOf = (rule: Rule): object => ({
  groups: [{ name: rule.alert, rules: [rule] }],
});

/**
 * The case as a file for `promtool test rules`: nothing one minute before, the alert with all its
 * words in its minute, and nothing at all where all is well.
 */
export const promtoolTest = (rule: Rule, rulesFile: string, given: RuleCase): object => {
  const first = firstMinute(rule, given);
  const expected = {
    exp_labels: { ...rule.labels, ...given.labels },
    exp_annotations: { ...rule.annotations, summary: given.summary },
  };
  const input = (values: RuleCase['fires']) =>
    Object.entries(values).map(([name, notation]) => ({ series: name, values: notation }));
  const at = (minute: number, alerts: readonly object[]) => ({
    eval_time: `${minute}m`,
    alertname: given.alert,
    exp_alerts: alerts,
  });
  const before = first === 0 ? [] : [at(first - 1, [])];
  return {
    rule_files: [rulesFile],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: input(given.fires),
        alert_rule_test: [...before, at(first, [expected])],
      },
      ...given.healthy.map((values) => ({
        interval: '1m',
        input_series: input(values),
        alert_rule_test: [at(first, []), at(first + 20, [])],
      })),
    ],
  };
};
