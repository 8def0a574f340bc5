import { rules, type Rule } from './cases.ts';

/** What a program shows at `/metrics`: its metrics by name, each with the labels of its samples. */
export type Exposed = ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;

const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

const pairsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

/** Reads Prometheus' text format: also what has a type and no sample yet is there. */
export const readExposed = (page: string): Exposed => {
  const found = new Map<string, Record<string, string>[]>();
  for (const line of page.split('\n')) {
    const [, typed, type = ''] = /^# TYPE (\S+) (\w+)$/.exec(line) ?? [];
    if (typed !== undefined) {
      for (const suffix of suffixes[type] ?? ['']) found.set(`${typed}${suffix}`, []);
    }
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), pairsIn(labels)]);
  }
  return found;
};

/** Prometheus or the operator gives these to whatever is scraped. */
const ofTargets = new Set(['job', 'instance', 'namespace', 'pod', 'endpoint', 'le']);

const matches = (labels: Readonly<Record<string, string>>, matchers: string): boolean =>
  [...matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].every(
    ([, name = '', operator = '', value = '']) =>
      ofTargets.has(name) ||
      (name in labels && (operator !== '=' || (labels[name] ?? '') === value)),
  );

/** What a rule groups by and what its words name. */
const labelsUsed = ({ expr, annotations }: Rule): readonly string[] => {
  const grouped = [...expr.matchAll(/\b(?:by|without|on) \(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  const named = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set([...grouped, ...named])].filter((name) => !ofTargets.has(name));
};

/**
 * What our rules ask of a program (metrics whose names begin so) and it does not show: names, and
 * where it has samples, labels and values of them.
 */
export const askedInVain = (
  beginnings: string,
  exposed: Exposed,
): { readonly asked: number; readonly missing: readonly string[] } => {
  const missing: string[] = [];
  let asked = 0;
  for (const rule of rules) {
    const metrics = new RegExp(`\\b((?:${beginnings})\\w+)(?:\\{([^}]*)\\})?`, 'g');
    const selectors = [...rule.expr.matchAll(metrics)];
    for (const [text, name = '', matchers = ''] of selectors) {
      asked += 1;
      const samples = exposed.get(name);
      const fits = samples?.some((labels) => matches(labels, matchers)) ?? false;
      if (samples === undefined || (samples.length > 0 && !fits)) {
        missing.push(`${rule.alert}: ${text}`);
      }
    }
    const samples = selectors.flatMap(([, name = '']) => exposed.get(name) ?? []);
    for (const label of samples.length === 0 ? [] : labelsUsed(rule)) {
      const isThere = samples.some((labels) => label in labels);
      if (!isThere) missing.push(`${rule.alert}: label ${label}`);
    }
  }
  return { asked, missing };
};
