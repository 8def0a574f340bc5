import { z } from 'zod';
import type { JsonObject } from '../../core/json.ts';
import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { WordKey } from '../../core/words/index.ts';
import { everything, planRestart, restartOrder } from '../../ops/restart/restart-plan.ts';
import type { ComponentKind } from '../../ops/stack/component-kind.ts';
import { knownView } from '../../ops/restart/known-view.ts';
import { judgedText } from '../../ops/stack/problem-text.ts';
import type { Component } from '../../ops/stack/stack.ts';
import { defineChange } from '../command.ts';
import { checkStep, restartStep, stampStep, stepResults } from './restart/steps.ts';

const planned = z.looseObject({ components: z.array(z.string()) });

const downWithout: Readonly<Record<string, WordKey>> = {
  postgres: 'restart.down.postgres',
  redis: 'restart.down.redis',
  synapse: 'restart.down.synapse',
  sfu: 'restart.down.sfu',
  hookshot: 'restart.down.hookshot',
};

/** What people miss while it restarts. A Deployment starts its new pod before the old one ends. */
function meanwhile({ kind, workload }: Component): Text {
  if (kind.isWorker) return say('restart.down.worker');
  const known = downWithout[kind.key];
  if (known !== undefined) return say(known);
  const rolls = workload.kind === 'Deployment';
  return say(rolls ? 'restart.down.nothing' : 'restart.down.one');
}

/** `restart COMPONENT|all`: one at a time, in the order in which they need each other. */
export const restart = defineChange({
  words: ['restart'],
  summary: 'restart.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  needs: 'cluster',
  arguments: { component: { schema: z.string().min(1).max(80), about: 'restart.component' } },
  flags: {},
  uses: ['kubernetes', 'clock', 'speech'],
  examples: ['restart element-web', `restart ${everything}`],
  account: () => null,
  asksFirst: () => true,
  // Two restarts at a time would take down together what is meant to go one after the other.
  resources: () => ['stack'],
  async plan({ kubernetes, clock, signal }, { component }) {
    await knownView(kubernetes, signal);
    const restarts = planRestart(kubernetes, clock, component);
    const facts: JsonObject = { components: restarts.map((each) => each.component.kind.key) };
    const { release } = kubernetes;
    const troubles = restarts.flatMap(({ problems }) => problems);
    const shown: readonly ReportNode[] = [
      { type: 'paragraph', text: say('restart.plan', { count: restarts.length, release }) },
      {
        type: 'table',
        id: 'restarts',
        columns: [
          { id: 'component', label: say('restart.column.component') },
          { id: 'pods', label: say('restart.column.pods'), align: 'right' },
          { id: 'meanwhile', label: say('restart.column.meanwhile') },
        ],
        rows: restarts.map(({ component: each }) => [
          each.kind.title,
          each.workload.wanted,
          meanwhile(each),
        ]),
      },
      ...troubles.map((problem): ReportNode => ({
        type: 'hint',
        text: say('restart.already', { problem: judgedText(problem, clock.now()) }),
      })),
    ];
    return { facts, shown };
  },
  steps: [stampStep, ...restartOrder.map(restartStep), checkStep],
  report({ facts, done }) {
    const keys = planned.parse(facts).components;
    const kinds = restartOrder.filter(({ key }) => keys.includes(key));
    const results = stepResults(done);
    const failed = kinds.find(({ key }) => results.get(key)?.state === 'not-ready') ?? null;
    const row = (kind: ComponentKind): readonly Text[] => {
      const result = results.get(kind.key);
      if (result?.state === 'ready') {
        return [kind.title, say('restart.result.ready', { span: { span: result.tookMs } })];
      }
      const state = result?.state === 'not-ready' ? 'not-ready' : 'skipped';
      return [kind.title, say(`restart.result.${state}`)];
    };
    const table: readonly ReportNode[] =
      kinds.length < 2
        ? []
        : [
            {
              type: 'table',
              id: 'restarts',
              columns: [
                { id: 'component', label: say('restart.column.component') },
                { id: 'result', label: say('restart.column.result') },
              ],
              rows: kinds.map(row),
            },
          ];
    const found = kinds.flatMap(({ key }) => results.get(key)?.before ?? []);
    return [
      outcomeOf(kinds, failed, results),
      ...table,
      ...found,
      ...whyNot(kinds, failed, results),
    ];
  },
});

function outcomeOf(
  kinds: readonly ComponentKind[],
  failed: ComponentKind | null,
  results: ReturnType<typeof stepResults>,
): ReportNode {
  if (failed === null) {
    const component = kinds.map(({ title }) => title).join(', ');
    const text = say('restart.done', { count: kinds.length, component });
    return { type: 'outcome', outcome: 'ok', text };
  }
  const span = { span: results.get(failed.key)?.tookMs ?? 0 };
  const text = say('restart.failed', { component: failed.title, span });
  return { type: 'outcome', outcome: 'failed', text };
}

/** Why one did not become ready, what was left alone for it, and where to look. */
function whyNot(
  kinds: readonly ComponentKind[],
  failed: ComponentKind | null,
  results: ReturnType<typeof stepResults>,
): readonly ReportNode[] {
  if (failed === null) return [];
  const left = kinds.filter(({ key }) => results.get(key)?.state === 'skipped').length;
  return [
    ...(results.get(failed.key)?.why ?? []),
    ...(left === 0
      ? []
      : [{ type: 'paragraph', text: say('restart.stopped', { count: left }) } as const]),
    { type: 'hint', text: say('restart.next', { component: failed.key }) },
  ];
}
