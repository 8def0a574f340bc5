import { say } from '../../core/text.ts';
import { checkAnnounced } from './check-calls.ts';
import type { Facts } from './facts.ts';
import { onFact, type Verdict } from './finding.ts';

/** Whether the parts of the stack answer as `health` wants it, as one finding: `health` has each. */
export function checkServices(facts: Facts): Verdict {
  const announced = checkAnnounced(facts);
  const isTold = announced.is === 'made' && announced.findings.length > 0;
  return onFact(facts.answers, (probed) => {
    const problems = probed.flatMap(({ id, result }) =>
      // What clients are told of calls has a finding of its own.
      result.is !== 'problem' || (isTold && id === 'well-known-client')
        ? []
        : [say('doctor.services.one', { probe: say(`health.probe.${id}`), detail: result.detail })],
    );
    const [first] = problems;
    if (first === undefined) return [];
    return [
      {
        ...{ check: 'services', severity: 'warning', values: null },
        title: say('doctor.services'),
        seen: say('doctor.services.seen', { count: problems.length, first }),
        cause: say('doctor.services.cause'),
        fix: say('doctor.services.fix'),
      },
    ];
  });
}
