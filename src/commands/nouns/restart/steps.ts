import { z } from 'zod';
import type { Json, JsonObject } from '../../../core/json.ts';
import { jsonObjectSchema } from '../../../core/json.ts';
import type { ReportNode } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import { knownView } from '../../../ops/restart/known-view.ts';
import {
  awaitRollout,
  componentNow,
  isRestartedSince,
  rolloutPatience,
} from '../../../ops/restart/rollout.ts';
import type { ComponentKind } from '../../../ops/stack/component-kind.ts';
import { components } from '../../../ops/stack/components.ts';
import { judgeComponent } from '../../../ops/stack/judge-workload.ts';
import { problemText } from '../../../ops/stack/problem-text.ts';
import { readStack } from '../../../ops/stack/stack.ts';
import { storedReport } from '../../../platform/store/stored-report.ts';
import type { Context, Step, StepInput } from '../../command.ts';

/** What restarting needs. */
export type RestartUses = 'kubernetes' | 'clock' | 'speech';
type RestartContext = Context<RestartUses>;

/** What became of one component. */
export interface RestartResult {
  /** `written`: it was told to, nobody has waited for it yet; `skipped`: one before it did not become ready. */
  readonly state: 'ready' | 'not-ready' | 'written' | 'skipped' | 'left-out' | 'gone';
  readonly tookMs: number;
  /** What was found wrong with it before, as nodes. */
  readonly before: readonly ReportNode[];
  /** Why it is not ready. */
  readonly why: readonly ReportNode[];
}

const stored = z.object({
  state: z.enum(['ready', 'not-ready', 'written', 'skipped', 'left-out', 'gone']),
  tookMs: z.number().default(0),
  before: storedReport.default([]),
  why: storedReport.default([]),
});
const stamp = z.object({ at: z.number() });
const planned = z.looseObject({ components: z.array(z.string()) });
const stepName = 'stamp';
const checkName = 'check';

/** The moment that all annotations of this command carry: the same after a crash. */
export const stampStep: Step<unknown, RestartUses> = {
  name: stepName,
  run: ({ clock }) => Promise.resolve({ at: clock.now() }),
  settle: () => Promise.resolve({ state: 'not-done' }),
};

const momentOf = (done: JsonObject): number => stamp.parse(done[stepName]).at;

/** Results by component; what a later step found of an earlier one counts. */
export function stepResults(done: JsonObject): ReadonlyMap<string, RestartResult> {
  const results = new Map<string, RestartResult>();
  for (const [name, value] of Object.entries(done)) {
    if (name === stepName) continue;
    const late = z.looseObject({ late: jsonObjectSchema.default({}) }).parse(value).late;
    for (const [key, result] of Object.entries(late)) {
      const before = results.get(key)?.before ?? [];
      results.set(key, { ...stored.parse(result), before });
    }
    if (name !== checkName) results.set(name, stored.parse(value));
  }
  return results;
}

const nodesJson = (nodes: readonly ReportNode[]): Json => jsonNodes.parse(nodes);
const jsonNodes = z.array(z.json());

async function waitFor(
  { kubernetes, clock, speech, signal }: RestartContext,
  kind: ComponentKind,
  at: number,
): Promise<JsonObject> {
  const onProgress = (progress: { readonly ready: number; readonly wanted: number }): void =>
    speech.progress(say('restart.progress', { component: kind.title, ...progress }));
  const end = await awaitRollout({ cluster: kubernetes, clock, onProgress }, kind.key, at, signal);
  if (end.is === 'ready') return { state: 'ready', tookMs: end.tookMs };
  const now = clock.now();
  const why = end.problems.map((each): ReportNode => ({
    type: 'paragraph',
    text: problemText(each.problem, now),
  }));
  const unseen: readonly ReportNode[] = [{ type: 'paragraph', text: say('restart.unseen') }];
  return {
    state: 'not-ready',
    tookMs: end.tookMs,
    why: nodesJson(why.length === 0 ? unseen : why),
  };
}

/** Waits for what was told to restart before a crash and was not waited for since. */
async function awaitWritten(context: RestartContext, done: JsonObject): Promise<JsonObject> {
  const late: Record<string, Json> = {};
  for (const [key, { state }] of stepResults(done)) {
    const kind = components.find((each) => each.key === key);
    if (state === 'written' && kind !== undefined) {
      late[key] = await waitFor(context, kind, momentOf(done));
    }
  }
  return late;
}

const isBad = (result: RestartResult): boolean => result.state === 'not-ready';

/** Restarts one component and waits until it is ready; the component's key is the step's name. */
export function restartStep(kind: ComponentKind): Step<unknown, RestartUses> {
  const { key } = kind;
  const isMeant = ({ facts }: StepInput<unknown>): boolean =>
    planned.parse(facts).components.includes(key);
  return {
    name: key,
    // Its own time limit ends it first, and then says why.
    timeoutMs: 2 * rolloutPatience.readyMs + 60_000,
    async run(context, step) {
      if (!isMeant(step)) return { state: 'left-out' };
      await knownView(context.kubernetes, context.signal);
      const late = await awaitWritten(context, step.done);
      const results = [...stepResults({ ...step.done, [checkName]: { late } }).values()];
      if (results.some(isBad)) return { state: 'skipped', late };
      const { kubernetes, clock, speech, signal } = context;
      const component = componentNow(kubernetes, key);
      if (component === null) {
        const why: readonly ReportNode[] = [{ type: 'paragraph', text: say('restart.gone') }];
        return { state: 'not-ready', late, why: nodesJson(why) };
      }
      const { workload } = component;
      const now = clock.now();
      const before = judgeComponent(component, readStack(kubernetes).chart, now).map(
        ({ problem }): ReportNode => ({
          type: 'hint',
          text: say('restart.was-bad', {
            component: kind.title,
            problem: problemText(problem, now),
          }),
        }),
      );
      speech.progress(
        say('restart.progress', { component: kind.title, ready: 0, wanted: workload.wanted }),
      );
      const at = momentOf(step.done);
      await kubernetes.restart(workload, at, { signal });
      return { ...(await waitFor(context, kind, at)), before: nodesJson(before), late };
    },
    async settle({ kubernetes, signal }, step) {
      if (!isMeant(step)) return { state: 'not-done' };
      await knownView(kubernetes, signal);
      const workload = componentNow(kubernetes, key)?.workload;
      const written = workload !== undefined && isRestartedSince(workload, momentOf(step.done));
      return written ? { state: 'done', result: { state: 'written' } } : { state: 'not-done' };
    },
  };
}

/** Waits for the last one, where a crash came between its restart and its being ready. */
export const checkStep: Step<unknown, RestartUses> = {
  name: checkName,
  timeoutMs: rolloutPatience.readyMs + 60_000,
  async run(context, { done }) {
    await knownView(context.kubernetes, context.signal);
    return { late: await awaitWritten(context, done) };
  },
  settle: () => Promise.resolve({ state: 'not-done' }),
};
