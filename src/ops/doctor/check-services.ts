import { say, type Text } from '../../core/text.ts';
import type { WordKey } from '../../core/words/index.ts';
import type { HttpProbeId, ProbeResult } from '../health/probe.ts';
import { checkAnnounced } from './check-calls.ts';
import { checkHomeserver } from './check-own.ts';
import type { Facts } from './facts.ts';
import { onFact, type Verdict } from './finding.ts';

type Trouble = Extract<ProbeResult, { is: 'problem' }>;

/** Probes that find the same, which has one cause and one way out. */
interface Group {
  readonly names: Text;
  readonly trouble: Trouble;
}

/** What can be the reason of what a probe says; by the key of its words. */
const causes: Readonly<Partial<Record<WordKey, WordKey>>> = {
  E_ENDPOINT_UNREACHABLE: 'doctor.services.silent.cause',
  E_ENDPOINT_MISSING: 'doctor.services.missing.cause',
  E_KUBERNETES_FORBIDDEN: 'doctor.services.no-way.cause',
  'health.status': 'doctor.services.status.cause',
  'health.no-keys': 'doctor.services.no-keys.cause',
  'health.other-server': 'doctor.services.other-server.cause',
  'health.keys-expired': 'doctor.services.keys-expired.cause',
  'health.no-foci': 'doctor.calls-announced.cause',
};

const keyOf = (text: Text): WordKey | null =>
  typeof text === 'object' && text !== null && 'key' in text ? text.key : null;

function causeOf({ detail }: Trouble): Text {
  const key = keyOf(detail);
  return say((key === null ? undefined : causes[key]) ?? 'doctor.services.cause');
}

/** Probes that ask the home server itself. */
const ofHomeserver: readonly string[] = [
  'synapse',
  'federation',
  'key-server',
] satisfies readonly HttpProbeId[];

/** Whether the parts of the stack answer as `health` wants it: one finding for each trouble. */
export function checkServices(facts: Facts): Verdict {
  const isFound = (verdict: Verdict) => verdict.is === 'made' && verdict.findings.length > 0;
  const isAnnouncedTold = isFound(checkAnnounced(facts));
  const isServerTold = isFound(checkHomeserver(facts));
  return onFact(facts.answers, (probed) => {
    const groups = new Map<string, Group>();
    for (const { id, result } of probed) {
      if (result.is !== 'problem') continue;
      // What clients are told of calls, and a home server that is away, have findings of their own.
      if (isAnnouncedTold && id === 'well-known-client') continue;
      const isSilent = keyOf(result.detail) === 'E_ENDPOINT_UNREACHABLE';
      if (isServerTold && isSilent && ofHomeserver.includes(id)) continue;
      const same = JSON.stringify([result.detail, result.next]);
      const name = say(`health.probe.${id}`);
      const first = groups.get(same)?.names;
      const names = first === undefined ? name : say('doctor.services.and', { first, name });
      groups.set(same, { names, trouble: result });
    }
    return [...groups.values()].map(({ names, trouble }) => ({
      ...{ check: 'services', severity: 'warning', values: null },
      title: say('doctor.services', { names }),
      seen: trouble.detail,
      cause: causeOf(trouble),
      fix: trouble.next,
    }));
  });
}
