import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { Probed } from '../../ops/health/probe.ts';
import { runProbes } from '../../ops/health/run-probes.ts';
import { settleView } from '../../ops/stack/settle-view.ts';
import { readStack } from '../../ops/stack/stack.ts';
import { judgeStack } from '../../ops/stack/state.ts';
import { defineRead } from '../command.ts';
import { dataAge } from './status/data-age.ts';

/** `health`: asks every part whether it does its work. The exit code is the number of problems. */
export const health = defineRead({
  words: ['health'],
  summary: 'health.summary',
  role: 'viewer',
  surface: 'everywhere',
  needs: 'cluster',
  uses: ['kubernetes', 'gauges', 'identity', 'clock'],
  arguments: {},
  flags: {},
  examples: ['health'],
  async *run({ kubernetes, gauges, identity, clock, signal }) {
    await settleView(kubernetes.view, signal);
    const stack = readStack(kubernetes);
    const state = judgeStack(stack, clock.now());
    const { serverName } = identity;
    const probed = await runProbes({ gauges, state, serverName, clock, signal });
    const problems = probed.filter(({ result }) => result.is === 'problem');
    yield verdict(problems.length);
    const age = dataAge(stack.data);
    yield* age;
    yield table(probed);
    yield* remedies(problems, age);
  },
});

function verdict(count: number): ReportNode {
  if (count === 0) return { type: 'outcome', outcome: 'ok', text: say('health.fine') };
  const text = say('health.problems', { count });
  return { type: 'outcome', outcome: 'failed', text, exit: count };
}

/** What to do, each thing once: one cause may be behind many problems. */
function remedies(problems: readonly Probed[], said: readonly ReportNode[]): readonly ReportNode[] {
  const before = said.map((node) => JSON.stringify(node));
  const hints = problems.flatMap(({ result }): readonly ReportNode[] =>
    result.is === 'problem' ? [{ type: 'hint', text: result.next }] : [],
  );
  const byText = new Map(hints.map((hint) => [JSON.stringify(hint), hint]));
  return [...byText].flatMap(([text, hint]) => (before.includes(text) ? [] : [hint]));
}

function table(probed: readonly Probed[]): ReportNode {
  // Worst first; else in their order.
  const rank = { problem: 0, ok: 1, skipped: 2 } as const;
  const sorted = [...probed].sort((one, other) => rank[one.result.is] - rank[other.result.is]);
  return {
    type: 'table',
    id: 'probes',
    columns: [
      { id: 'probe', label: say('health.column.probe') },
      { id: 'result', label: say('health.column.result') },
      { id: 'detail', label: say('health.column.detail') },
      { id: 'took_ms', label: say('health.column.took'), align: 'right' },
    ],
    rows: sorted.map(({ id, result, tookMs }): readonly Text[] => [
      say(`health.probe.${id}`),
      say(`health.result.${result.is}`),
      result.detail,
      { span: Math.round(tookMs) },
    ]),
  };
}
