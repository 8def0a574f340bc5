import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import { examine, isStoppedBot, type Diagnosis } from '../../ops/doctor/examine.ts';
import type { Finding } from '../../ops/doctor/finding.ts';
import { observe } from '../../ops/doctor/observe.ts';
import { defineRead } from '../command.ts';

/** `doctor`: looks for known troubles and says what to do. The exit code is the number of problems. */
export const doctor = defineRead({
  words: ['doctor'],
  summary: 'doctor.summary',
  // It shows lines of logs, places of files and gaps in the defence.
  role: 'operator',
  surface: 'everywhere',
  uses: ['kubernetes', 'gauges', 'machine', 'logs', 'identity', 'clock', 'health'],
  arguments: {},
  flags: {},
  examples: ['doctor'],
  async *run({ kubernetes, gauges, machine, logs, identity, clock, health, signal }) {
    const { serverName } = identity;
    const { redaction } = logs;
    const parts = { kubernetes, gauges, machine, redaction, serverName, clock, signal };
    const ownState = () => health.snapshot();
    yield* diagnosisNodes(examine(await observe({ ...parts, ownState })));
  },
});

/** The answer: what was found, worst first, and what could not be looked at. */
export function diagnosisNodes(diagnosis: Diagnosis): readonly ReportNode[] {
  const { findings, unmade } = diagnosis;
  return [
    verdict(diagnosis),
    ...findings.flatMap(findingNodes),
    ...(unmade.length === 0 ? [] : [notLookedAt(diagnosis)]),
  ];
}

function verdict({ problems, findings, made, unmade }: Diagnosis): ReportNode {
  const checks = say('doctor.checks', { count: made.length });
  const gaps = unmade.length === 0 ? '' : say('doctor.unmade', { count: unmade.length });
  if (problems > 0) {
    const text = say('doctor.problems', { count: problems, checks, gaps });
    return { type: 'outcome', outcome: 'failed', text, exit: problems };
  }
  const notes = findings.length;
  const text =
    notes === 0
      ? say('doctor.nothing', { checks, gaps })
      : say('doctor.notes', { count: notes, checks, gaps });
  // Silence of what was hardly looked at is no good news.
  const isDoubtful = unmade.length > made.length || findings.some(isStoppedBot);
  return { type: 'outcome', outcome: isDoubtful ? 'warning' : 'ok', text };
}

function findingNodes(finding: Finding): readonly ReportNode[] {
  const { check, severity, title, seen, cause, fix, values } = finding;
  return [
    {
      type: 'fields',
      id: 'findings',
      fields: [
        { id: 'title', label: say('doctor.field.title'), value: title },
        {
          id: 'severity',
          label: say('doctor.field.severity'),
          value: say(`doctor.severity.${severity}`),
        },
        { id: 'seen', label: say('doctor.field.seen'), value: seen },
        { id: 'cause', label: say('doctor.field.cause'), value: cause },
        { id: 'fix', label: say('doctor.field.fix'), value: fix },
        { id: 'check', label: say('doctor.field.check'), value: check },
      ],
    },
    ...(values === null ? [] : [{ type: 'code', content: values, language: 'yaml' } as const]),
  ];
}

function notLookedAt({ unmade }: Diagnosis): ReportNode {
  return {
    type: 'table',
    id: 'unmade',
    columns: [
      { id: 'check', label: say('doctor.column.unmade') },
      { id: 'why', label: say('doctor.column.why') },
    ],
    rows: unmade.map(({ check, why }): readonly Text[] => [say(`doctor.check.${check}`), why]),
  };
}
