import {
  certManagerFits,
  supported,
  type SupportedProduct,
} from '../../core/supported-versions.ts';
import { say, type Text } from '../../core/text.ts';
import { compareVersions } from '../stack/may-scale.ts';
import type { Facts } from './facts.ts';
import type { CheckId, Fact, Finding, Verdict } from './finding.ts';
import { onFact } from './finding.ts';
import { lineOf, supportOf } from './support.ts';

/** What is done about each, in the words of the person who has to. */
type Advice = 'chart' | 'kubernetes' | 'cert-manager' | 'postgres' | 'helm';

/** A day in UTC; the same in every language. */
const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

function judge(advice: Advice, product: SupportedProduct, version: string, now: number): Verdict {
  const check: CheckId = `version-${advice}`;
  const support = supportOf(product, version, now);
  const known = { product: product.title, version };
  const oldest = product.lines[0].line;
  const range = { oldest, newest: product.lines.at(-1)?.line ?? oldest };
  const one = (severity: Finding['severity'], seen: Text, cause: Text): Verdict => ({
    is: 'made',
    findings: [
      {
        ...{ check, severity, seen, cause, values: null },
        title: say('doctor.version', known),
        fix: say(`doctor.version.${advice}`, range),
      },
    ],
  });
  switch (support.is) {
    case 'supported':
      return { is: 'made', findings: [] };
    case 'ending': {
      const at = { at: dayOf(support.at) };
      return one('note', say('doctor.version.ending', at), say('doctor.version.ending.cause'));
    }
    case 'ended': {
      const cause = say('doctor.version.ended.cause');
      if (support.at !== null) {
        return one('warning', say('doctor.version.ended', { at: dayOf(support.at) }), cause);
      }
      return one('warning', say('doctor.version.too-old', { oldest }), cause);
    }
    case 'newer': {
      const { newest } = support;
      return one(
        'note',
        say('doctor.version.newer', { newest }),
        say('doctor.version.newer.cause'),
      );
    }
    case 'unreadable':
      return { is: 'unmade', why: say('doctor.version.unreadable', { version }) };
    default:
      return support satisfies never;
  }
}

function judgeFact(
  advice: Advice,
  product: SupportedProduct,
  fact: Fact<string>,
  now: number,
): Verdict {
  return fact.is === 'known' ? judge(advice, product, fact.value, now) : onFact(fact, () => []);
}

const unknown = (why: Text): Fact<never> => ({ is: 'unknown', why });

/** Version of the chart that the release was made with. */
export function checkChartVersion({ state, now }: Facts): Verdict {
  if (state.is === 'known' && state.value.stack.components.length === 0) return { is: 'needless' };
  const chart = state.is === 'known' ? state.value.stack.chart : null;
  const fact: Fact<string> =
    state.is !== 'known'
      ? state
      : chart === null
        ? unknown(say('doctor.version.untold'))
        : { is: 'known', value: chart };
  return judgeFact('chart', supported.chart, fact, now);
}

/** Version of the API server; K3s's where it is one. */
function apiVersion({ access }: Facts): Fact<string> {
  if (access.is !== 'known') return access;
  return access.value.is === 'in'
    ? { is: 'known', value: access.value.version }
    : unknown(say('doctor.outside'));
}

/** Version of the API server. */
export function checkKubernetesVersion(facts: Facts): Verdict {
  const fact = apiVersion(facts);
  const isK3s = fact.is === 'known' && fact.value.includes('+k3s');
  const product = isK3s ? { ...supported.kubernetes, title: 'K3s' } : supported.kubernetes;
  return judgeFact('kubernetes', product, fact, facts.now);
}

function certManagerVersion({ neighbours }: Facts): Fact<string> {
  if (neighbours.is !== 'known') return neighbours;
  const found = neighbours.value.find(({ name }) => name === 'cert-manager');
  if (found === undefined || found.is === 'absent') return { is: 'none' };
  if (found.is === 'hidden') return unknown(say(found.problem.code, found.problem.params));
  const { version } = found;
  return version === null ? unknown(say('doctor.version.untold')) : { is: 'known', value: version };
}

/** Version of cert-manager. */
export function checkCertManagerVersion(facts: Facts): Verdict {
  const fact = certManagerVersion(facts);
  return judgeFact('cert-manager', supported.certManager, fact, facts.now);
}

/** Whether this cert-manager is made for this Kubernetes. */
export function checkPair(facts: Facts): Verdict {
  const [manager, api] = [certManagerVersion(facts), apiVersion(facts)];
  if (manager.is !== 'known') return onFact(manager, () => []);
  return onFact(api, (kubernetes) => {
    const fits = certManagerFits[lineOf(manager.value, 2) ?? ''];
    const line = lineOf(kubernetes, 2);
    if (fits === undefined || line === null) return [];
    const [from, to] = fits;
    if (compareVersions(line, from) >= 0 && compareVersions(line, to) <= 0) return [];
    return [
      {
        ...{ check: 'version-pair', severity: 'note', values: null },
        title: say('doctor.version-pair'),
        seen: say('doctor.version-pair.seen', {
          ...{ manager: manager.value, from, to, kubernetes: line },
        }),
        cause: say('doctor.version-pair.cause'),
        fix: say('doctor.version-pair.fix'),
      },
    ];
  });
}

/** Version of the chart's own PostgreSQL. */
export function checkPostgresVersion({ state, now }: Facts): Verdict {
  if (state.is !== 'known') return onFact(state, () => []);
  const found = state.value.stack.components.find(({ kind }) => kind.key === 'postgres');
  if (found === undefined) return { is: 'needless' };
  const fact: Fact<string> =
    found.version === null
      ? unknown(say('doctor.version.untold'))
      : { is: 'known', value: found.version };
  return judgeFact('postgres', supported.postgres, fact, now);
}

/** Version of Helm on this machine; nothing in the cluster tells it. */
export function checkHelmVersion({ helm, now }: Facts): Verdict {
  return judgeFact('helm', supported.helm, helm, now);
}
