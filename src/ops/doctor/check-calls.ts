import { say, type Text } from '../../core/text.ts';
import type { Facts } from './facts.ts';
import { onFact, type Finding, type Verdict } from './finding.ts';

/** Host names at which the calls of the release are reached. */
export function hostsOfCalls({ state }: Pick<Facts, 'state'>): readonly string[] {
  if (state.is !== 'known') return [];
  const parts = state.value.stack.components.filter(({ kind }) =>
    ['rtc-auth', 'sfu'].includes(kind.key),
  );
  return [...new Set(parts.flatMap(({ hosts }) => hosts))];
}

function announced(severity: Finding['severity'], seen: Text, fix: Text): readonly Finding[] {
  return [
    {
      ...{ check: 'calls-announced', severity, seen, fix, values: null },
      title: say('doctor.calls-announced'),
      cause: say('doctor.calls-announced.cause'),
    },
  ];
}

/**
 * MISSING_MATRIX_RTC_FOCUS: Element looks for the place of calls in the document at the server name
 * (MSC4143; ess-helm, docs/troubleshooting.md).
 */
export function checkAnnounced(facts: Facts): Verdict {
  const { serverName } = facts;
  return onFact(facts.wellKnown, ({ status, foci }) => {
    const url = `https://${serverName}/.well-known/matrix/client`;
    if (status !== 200 || foci === null) {
      const seen = say('doctor.calls-announced.no-document', { url, status: String(status) });
      return announced('broken', seen, say('doctor.calls-announced.serve', { url }));
    }
    if (foci.length === 0) {
      const seen = say('doctor.calls-announced.no-focus', { url });
      return announced('broken', seen, say('doctor.calls-announced.fix', { url }));
    }
    const hosts = hostsOfCalls(facts);
    if (hosts.length === 0 || foci.some((each) => hosts.includes(hostOf(each)))) return [];
    const seen = say('doctor.calls-announced.elsewhere', {
      ...{ foci: foci.join(', '), hosts: hosts.join(', ') },
    });
    return announced('warning', seen, say('doctor.calls-announced.fix', { url }));
  });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

/** What the authorisation service says when it can't ask a home server who somebody is. */
const lookupFailed = /failed to look up user info|M_LOOKUP_FAILED/i;

/**
 * The authorisation service reaches the home server by its public name. At home that way leads over
 * the router and back (hairpin), which many routers don't do (ess-helm#1148, lk-jwt-service#122).
 */
export function checkLookup(facts: Facts): Verdict {
  return onFact(facts.logs['rtc-auth'], (logs) => {
    const found = logs.flatMap(({ pod, lines }) => {
      const line = lines.findLast((each) => lookupFailed.test(each));
      return line === undefined ? [] : [{ pod, line }];
    })[0];
    if (found === undefined) return [];
    const { pod, line } = found;
    return [
      {
        ...{ check: 'calls-lookup', severity: 'broken', values: hostAliases(facts) },
        title: say('doctor.calls-lookup'),
        seen: say('doctor.log-line', { pod, line: shortened(line) }),
        cause: say('doctor.calls-lookup.cause'),
        fix: say('doctor.calls-lookup.fix'),
      },
    ];
  });
}

const longest = 300;

/** A line of a log, not longer than fits into a message. */
export function shortened(line: string): string {
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}

function hostAliases({ serverName, state, entryAddress }: Facts): string {
  const components = state.is === 'known' ? state.value.stack.components : [];
  const hosts = components
    .filter(({ kind }) => ['synapse', 'haproxy', 'rtc-auth', 'sfu'].includes(kind.key))
    .flatMap((component) => component.hosts);
  const names = [...new Set([serverName, ...hosts])].sort();
  return [
    'matrixRTC:',
    '  hostAliases:',
    `    - ip: ${JSON.stringify(entryAddress ?? 'CLUSTER-IP-OF-TRAEFIK')}`,
    '      hostnames:',
    ...names.map((name) => `        - ${JSON.stringify(name)}`),
    '',
  ].join('\n');
}

/** Newer ones say so; older ones say nothing at all. */
const noAddress = /could not resolve external IP|\bstun\b/i;

/** The SFU ends at once where STUN does not tell its public address (ess-helm, troubleshooting.md). */
export function findStun({ sfuCrashes, sfuAddress }: Facts): readonly Finding[] {
  if (sfuCrashes.is !== 'known') return [];
  // Where STUN is off, it is something else.
  if (sfuAddress.is === 'known' && sfuAddress.value.useExternalIp === false) return [];
  const crash = sfuCrashes.value.find(({ lines }) => {
    const said = lines.filter((line) => line.trim() !== '');
    return said.length === 0 || said.some((line) => noAddress.test(line));
  });
  if (crash === undefined) return [];
  const { pod, lines } = crash;
  const line = lines.findLast((each) => noAddress.test(each));
  const seen =
    line === undefined
      ? say('doctor.calls-stun.silent', { pod })
      : say('doctor.log-line', { pod, line: shortened(line) });
  return [
    {
      ...{ check: 'calls-stun', severity: 'broken', seen, values: manualAddress },
      title: say('doctor.calls-stun'),
      cause: say('doctor.calls-stun.cause'),
      fix: say('doctor.calls-stun.fix'),
    },
  ];
}

const manualAddress = `matrixRTC:
  sfu:
    useStunToDiscoverPublicIP: false
    manualIP: YOUR-PUBLIC-ADDRESS
`;

/** {@link findStun} as a check. */
export function checkStun(facts: Facts): Verdict {
  return onFact(facts.sfuCrashes, () => findStun(facts));
}
