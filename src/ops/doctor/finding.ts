import type { Text } from '../../core/text.ts';

/** How bad it is, worst first. A `note` is no problem and does not count as one. */
export const severities = ['broken', 'warning', 'note'] as const;
/** One of {@link severities}. */
export type Severity = (typeof severities)[number];

/** What is looked at, in the order in which it is told. Stable: these stand in JSON. */
export const checkIds = [
  'start',
  'bot',
  'homeserver',
  'files',
  'access',
  'rights',
  'excess',
  'stack',
  'services',
  'signing-key',
  'calls-announced',
  'calls-lookup',
  'calls-stun',
  'calls-media',
  'host-certificates',
  'api-certificate',
  'connections',
  'disk',
  'log-signatures',
  'version-chart',
  'version-kubernetes',
  'version-cert-manager',
  'version-pair',
  'version-postgres',
  'version-helm',
] as const;
/** One of {@link checkIds}. */
export type CheckId = (typeof checkIds)[number];

/** Something that is not as it should be. */
export interface Finding {
  readonly check: CheckId;
  readonly severity: Severity;
  /** What it is, in a few words. */
  readonly title: Text;
  /** What was seen. */
  readonly seen: Text;
  readonly cause: Text;
  readonly fix: Text;
  /** What to put into the chart's values, as YAML; null: the fix says it all. */
  readonly values: string | null;
}

/** What came of one check. */
export type Verdict =
  | { readonly is: 'made'; readonly findings: readonly Finding[] }
  /** It could not be made. */
  | { readonly is: 'unmade'; readonly why: Text }
  /** There is nothing here that it could look at, e.g. calls are not installed. */
  | { readonly is: 'needless' };

/** A fact that was looked for. */
export type Fact<Value> =
  | { readonly is: 'known'; readonly value: Value }
  | { readonly is: 'unknown'; readonly why: Text }
  | { readonly is: 'none' };

/** Judges a fact where it is known; else says why the check is not made. */
export function onFact<Value>(
  fact: Fact<Value>,
  judge: (value: Value) => readonly Finding[],
): Verdict {
  switch (fact.is) {
    case 'known':
      return { is: 'made', findings: judge(fact.value) };
    case 'unknown':
      return { is: 'unmade', why: fact.why };
    case 'none':
      return { is: 'needless' };
    default:
      return fact satisfies never;
  }
}
