import { say } from '../../core/text.ts';
import { nameOfRight } from '../access/needed-rights.ts';
import type { Facts } from './facts.ts';
import { onFact, type Verdict } from './finding.ts';

/** Whether the cluster is there and lets us in. */
export function checkAccess({ access }: Facts): Verdict {
  return onFact(access, (found) => {
    // A kubeconfig that others may read is told by `files`, with all other modes.
    if (found.is === 'in' || found.problem.code === 'E_SECRET_MODE') return [];
    const { code, params } = found.problem;
    return [
      {
        ...{ check: 'access', severity: 'broken', values: null },
        title: say('doctor.access'),
        seen: say(code, params),
        cause: say(
          code === 'E_KUBERNETES_UNREACHABLE' ? 'doctor.access.away' : 'doctor.access.credentials',
        ),
        fix: say(`${code}.next`, params),
      },
    ];
  });
}

/** Whether our identity may do what the commands need. */
export function checkRights({ access }: Facts): Verdict {
  if (access.is === 'known' && access.value.is === 'refused') return outside;
  return onFact(access, (found) => {
    if (found.is !== 'in' || found.missing.length === 0) return [];
    const rights = found.missing.map(nameOfRight).join(', ');
    return [
      {
        ...{ check: 'rights', severity: 'warning', values: null },
        title: say('doctor.rights'),
        seen: say('access.missing', { identity: found.identity, rights }),
        cause: say('doctor.rights.cause'),
        fix: say('access.missing.next'),
      },
    ];
  });
}

/** Whether it may do much more than that. */
export function checkExcess({ access }: Facts): Verdict {
  if (access.is === 'known' && access.value.is === 'refused') return outside;
  return onFact(access, (found) => {
    if (found.is !== 'in' || found.excess.length === 0) return [];
    const rights = found.excess.map(nameOfRight).join(', ');
    return [
      {
        ...{ check: 'excess', severity: 'note', values: null },
        title: say('doctor.excess'),
        seen: say('doctor.excess.seen', { identity: found.identity, rights }),
        cause: say('doctor.excess.cause'),
        fix: say('doctor.excess.fix'),
      },
    ];
  });
}

const outside: Verdict = { is: 'unmade', why: say('doctor.outside') };
