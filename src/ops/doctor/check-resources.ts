import { say } from '../../core/text.ts';
import { diskText } from '../health/cluster-probes.ts';
import { shortened } from './check-calls.ts';
import { readLogsOf, type Facts, type ReadLog } from './facts.ts';
import { onFact, type Finding, type Verdict } from './finding.ts';

/** Above this share of the connections the next busy hour takes the rest. */
const crowded = 0.9;

/** Connections to the database: the chart allows one for each 16 MiB of its memory limit. */
export function checkConnections({ disk }: Facts): Verdict {
  if (disk.is === 'known' && disk.value.connections === null) {
    return { is: 'unmade', why: say('doctor.connections.unknown') };
  }
  return onFact(disk, ({ connections }) => {
    if (connections === null || connections.used < crowded * connections.most) return [];
    const { used, most } = connections;
    return [
      {
        ...{ check: 'connections', severity: 'warning', values: moreConnections },
        title: say('doctor.connections'),
        seen: say('doctor.connections.seen', { used, most }),
        cause: say('doctor.connections.cause'),
        fix: say('doctor.connections.fix'),
      },
    ];
  });
}

const moreConnections = `postgres:
  resources:
    limits:
      memory: 8Gi
`;

/** The disk that all volumes share. */
export function checkDisk({ disk }: Facts): Verdict {
  if (disk.is === 'known' && disk.value.storage.is === 'hidden') {
    return { is: 'unmade', why: diskText(disk.value) };
  }
  return onFact(disk, (report) => {
    if (report.level === 'fine') return [];
    return [
      {
        ...{ check: 'disk', values: null },
        severity: report.level === 'broken' ? 'broken' : 'warning',
        title: say('doctor.disk'),
        seen: diskText(report),
        cause: say('doctor.disk.cause'),
        fix: say('disk.next'),
      },
    ];
  });
}

interface Signature {
  readonly id: 'too-many-clients' | 'no-space';
  readonly pattern: RegExp;
  readonly values: string | null;
}

/** Lines that have one meaning, whichever of the read logs they stand in. */
const signatures: readonly Signature[] = [
  {
    id: 'too-many-clients',
    pattern: /sorry, too many clients already|remaining connection slots are reserved/i,
    values: moreConnections,
  },
  { id: 'no-space', pattern: /No space left on device/i, values: null },
];

const sources: readonly ReadLog[] = readLogsOf.filter((each) => each !== 'rtc-auth');

function findIn(signature: Signature, facts: Facts): Finding | null {
  const { id, pattern, values } = signature;
  for (const source of sources) {
    const logs = facts.logs[source];
    if (logs.is !== 'known') continue;
    for (const { pod, lines } of logs.value) {
      const line = lines.findLast((each) => pattern.test(each));
      if (line === undefined) continue;
      return {
        // It may be over by now: the line is of the last day.
        ...{ check: 'log-signatures', severity: 'warning', values },
        title: say(`doctor.log.${id}`),
        seen: say('doctor.log-line', { pod, line: shortened(line) }),
        cause: say(`doctor.log.${id}.cause`),
        fix: say(`doctor.log.${id}.fix`),
      };
    }
  }
  return null;
}

/** Known lines of the last day in the logs of the database and of Synapse. */
export function checkLogSignatures(facts: Facts): Verdict {
  const findings = signatures.flatMap((each) => findIn(each, facts) ?? []);
  if (findings.length > 0) return { is: 'made', findings };
  const unknown = sources.map((each) => facts.logs[each]).find(({ is }) => is === 'unknown');
  if (unknown?.is === 'unknown') return { is: 'unmade', why: unknown.why };
  const isAny = sources.some((each) => facts.logs[each].is === 'known');
  return isAny ? { is: 'made', findings } : { is: 'needless' };
}
