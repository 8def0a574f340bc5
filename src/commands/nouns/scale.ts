import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import type { WordKey } from '../../core/words/index.ts';
import { handBack } from '../../ops/scale/hand-back.ts';
import { scalable } from '../../ops/scale/scale-plan.ts';
import { workloadKey, workloadOf } from '../../ops/scale/workload-key.ts';
import { knownView } from '../../ops/restart/known-view.ts';
import type { Component } from '../../ops/stack/stack.ts';
import { actorName } from '../actor-name.ts';
import { defineChange, type Context, type Step } from '../command.ts';
import { because } from '../parse/reason.ts';
import { durationOr } from './duration.ts';

/** What people miss while a component has no pods. */
const withoutIt: Readonly<Record<string, WordKey>> = {
  haproxy: 'scale.down.haproxy',
  mas: 'scale.down.mas',
  'rtc-auth': 'scale.down.rtc-auth',
};

function meanwhile({ kind }: Component): ReportNode {
  const known = withoutIt[kind.key] ?? (kind.isWorker ? 'scale.down.worker' : 'scale.down.other');
  const label = say('restart.column.meanwhile');
  return { type: 'fields', fields: [{ id: 'meanwhile', label, value: say(known) }] };
}

type ScaleUses = 'kubernetes' | 'scales' | 'clock' | 'speech';

interface Wish {
  readonly component: string;
  readonly replicas: number;
  readonly for: number;
}

const dayMs = 86_400_000;
const most = 10;
/** So long the new pods may take until they are ready, ms. */
const readyMs = 5 * 60_000;

const planned = z.looseObject({ workload: z.string(), title: z.string(), original: z.int() });
const noted = z.looseObject({ until: z.number() });
const waited = z.looseObject({ ready: z.boolean() });

const replicas = z
  .string()
  .refine(
    (text) => /^\d{1,2}$/.test(text) && Number(text) <= most,
    because('parse.reason.range', { least: 0, most }),
  )
  .transform(Number);

/** What it is handed back to; the number that it has where nothing is lent. */
function originalOf({ scales }: Pick<Context<'scales'>, 'scales'>, component: Component): number {
  const { workload } = component;
  return scales.find(workloadKey(workload))?.original ?? workload.wanted;
}

const note: Step<Wish, ScaleUses> = {
  name: 'note',
  run: ({ scales, clock, actor }, { input, facts }) => {
    const { workload, original } = planned.parse(facts);
    const until = clock.now() + input.for;
    const { component, replicas: wanted } = input;
    if (wanted === original) return Promise.resolve({ until });
    scales.put({ workload, component, original, wanted, until, actor: actorName(actor) });
    return Promise.resolve({ until });
  },
  // Written twice it is the same note with a later end.
  settle: () => Promise.resolve({ state: 'not-done' }),
};

const scaleStep: Step<Wish, ScaleUses> = {
  name: 'scale',
  async run({ kubernetes, scales, signal }, { input, facts }) {
    const { workload, original } = planned.parse(facts);
    if (input.replicas === original) {
      const lent = scales.find(workload);
      if (lent === null) return {};
      const end = await handBack(kubernetes, scales, { ...lent, wanted: lent.wanted }, signal);
      if (end.is === 'failed') throw end.problem;
      return {};
    }
    await kubernetes.scale(workloadOf(workload), input.replicas, { signal });
    return {};
  },
  async settle({ kubernetes, scales, signal }, { input, facts }) {
    const { workload, original } = planned.parse(facts);
    if (input.replicas === original && scales.find(workload) !== null) return { state: 'not-done' };
    const { wanted } = await kubernetes.readScale(workloadOf(workload), signal);
    return wanted === input.replicas ? { state: 'done', result: {} } : { state: 'not-done' };
  },
};

const ready: Step<Wish, ScaleUses> = {
  name: 'ready',
  timeoutMs: readyMs + 60_000,
  async run({ kubernetes, clock, signal }, { input, facts }) {
    const { namespace, kind, name } = workloadOf(planned.parse(facts).workload);
    const over = new AbortController();
    const stop = AbortSignal.any([signal, over.signal]);
    const isReady = kubernetes.view.until((view): true | null => {
      const workload = view.get(kind, { namespace, name }).value;
      const there = workload !== null && workload.wanted === input.replicas && workload.observed;
      return there && workload.ready === input.replicas ? true : null;
    }, stop);
    const tooLate = clock.sleep(readyMs, stop).then(() => false as const);
    for (const each of [isReady, tooLate]) each.catch(() => undefined);
    try {
      return { ready: await Promise.race([isReady, tooLate]) };
    } finally {
      over.abort();
    }
  },
  settle: () => Promise.resolve({ state: 'not-done' }),
};

/** `scale COMPONENT N [--for 2h]`: more or fewer pods for a while; the number is handed back then. */
export const scale = defineChange({
  words: ['scale'],
  summary: 'scale.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  needs: 'cluster',
  arguments: {
    component: { schema: z.string().min(1).max(80), about: 'scale.component' },
    replicas: { schema: replicas, about: 'scale.replicas' },
  },
  flags: {
    for: {
      schema: durationOr('2h', { leastMs: 10_000, mostMs: 7 * dayMs }),
      about: 'scale.flag.for',
      value: 'TIME',
    },
    lasting: { schema: z.boolean(), about: 'scale.flag.lasting' },
  },
  uses: ['kubernetes', 'scales', 'clock', 'speech'],
  examples: ['scale haproxy 2', 'scale element-web 3 --for=8h'],
  account: () => null,
  // Nobody is served by a component without pods.
  asksFirst: ({ replicas: wanted }) => wanted === 0,
  resources: () => ['stack'],
  async plan({ kubernetes, scales, signal }, { component: typed, replicas: wanted, ...flags }) {
    await knownView(kubernetes, signal);
    const component = scalable(kubernetes, typed);
    const { kind, workload } = component;
    if (flags.lasting) {
      throw new AppError('E_SCALE_LASTING', { component: kind.title, values: kind.values, wanted });
    }
    const original = originalOf({ scales }, component);
    const isBack = wanted === original;
    // A policy of the cluster or a missing rule is told before anything is noted.
    if (!isBack) await kubernetes.scale(workload, wanted, { dryRun: true, signal });
    const params = { component: kind.title, from: workload.wanted, to: wanted };
    const shown: readonly ReportNode[] = [
      {
        type: 'paragraph',
        text: isBack
          ? say('scale.plan.back', params)
          : say('scale.plan', { ...params, original, span: { span: flags.for } }),
      },
      ...(wanted === 0 ? [meanwhile(component)] : []),
      ...(isBack ? [] : [{ type: 'hint', text: say('scale.helm') } as const]),
    ];
    return {
      facts: { workload: workloadKey(workload), title: kind.title, original },
      shown,
    };
  },
  steps: [note, scaleStep, ready],
  report({ input, facts, done }) {
    const { title, original } = planned.parse(facts);
    const { until } = noted.parse(done['note']);
    const isReady = waited.parse(done['ready']).ready;
    const params = { component: title, count: input.replicas };
    const isBack = input.replicas === original;
    return [
      isReady
        ? { type: 'outcome', outcome: 'ok', text: say('scale.done', params) }
        : { type: 'outcome', outcome: 'warning', text: say('scale.not-ready', params) },
      isBack
        ? { type: 'paragraph', text: say('scale.is-back') }
        : { type: 'paragraph', text: say('scale.until', { until: { moment: until }, original }) },
      ...(isReady
        ? []
        : [{ type: 'hint', text: say('restart.next', { component: input.component }) } as const]),
    ];
  },
});
