import type { JsonObject } from '../../core/json.ts';
import { say, type Text } from '../../core/text.ts';
import type { JobRecord } from '../../platform/store/jobs.ts';
import type { Actor } from '../actor.ts';
import type { CapabilityName } from '../capabilities.ts';
import type { Arguments, Flags } from '../command-form.ts';
import type { ChangeCommand } from '../command.ts';
import type { Invocation } from '../parse/invocation.ts';
import { contextOf } from './context.ts';
import type { Desk } from './desk.ts';
import type { OpenJob } from './open-job.ts';
import { permit } from './permit.ts';
import { LeftForNextStart } from './shutdown.ts';
import { stepWords } from './step-words.ts';
import { runStep, type StepCall, type StepResult } from './step-result.ts';

/** A change with its types forgotten. */
export type AnyChange = ChangeCommand<Arguments, Flags, CapabilityName>;

/** A change that runs: everything its steps need. */
export interface RunningChange {
  readonly desk: Desk;
  readonly open: OpenJob;
  readonly invocation: Invocation;
  readonly command: AnyChange;
  readonly actor: Actor;
}

/** How the steps ended. The last step's result is not written yet: that is one moment with the answer. */
export type StepsEnd =
  | { readonly how: 'done'; readonly last: { readonly step: string; readonly result: JsonObject } }
  | { readonly how: 'not-done'; readonly reason: unknown }
  | {
      readonly how: 'unknown';
      readonly step: string;
      readonly why: Text | null;
      readonly reason: unknown;
    };

function recordOf(open: OpenJob): JobRecord {
  if (open.record === null) throw new Error('the job is not in the store');
  return open.record;
}

/** The steps that this change has, for what was asked of it. */
export function stepsOf({
  command,
  invocation,
}: Pick<RunningChange, 'command' | 'invocation'>): AnyChange['steps'] {
  const [first, ...rest] = command.steps;
  const { input } = invocation;
  return [first, ...rest.filter((step) => step.applies?.(input) !== false)];
}

/** One step of the running change, ready to be run or settled. */
export function callOf(change: RunningChange, position: number): StepCall {
  const { desk, open, invocation, command, actor } = change;
  const step = stepsOf(change)[position];
  if (step === undefined) throw new Error(`${open.draft.command} has no step ${position}`);
  const { facts, checkpoints } = recordOf(open);
  return {
    step,
    input: { input: invocation.input, facts: facts ?? {}, done: checkpoints },
    context: (signal) => contextOf(desk, open, command, actor, signal),
    cancelled: open.cancelled,
  };
}

/** What the step's end changes in the store, in the transaction that writes it. Throws what the store throws. */
export function completed({ step, context, input }: StepCall): void {
  const { signal } = new AbortController();
  step.completed?.(context(signal), input);
}

function tellProgress(change: RunningChange, position: number): void {
  const { desk, open } = change;
  const steps = stepsOf(change);
  // Of one step there is nothing more to tell than that it is worked on.
  if (steps.length === 1) return;
  const step = steps[position]?.name ?? '';
  try {
    open.surface?.progress(
      recordOf(open),
      say('jobs.progress', { step: stepWords(step), number: position + 1, total: steps.length }),
    );
  } catch (error) {
    desk.parts.log.warn({ err: error, step }, 'progress could not be told');
  }
}

/** Whoever asked must still be allowed to when the step begins. */
async function permitted(
  change: RunningChange,
  position: number,
  call: StepCall,
): Promise<StepResult> {
  try {
    permit(change.desk, change.open, change.invocation);
  } catch (reason) {
    return { state: 'not-done', reason };
  }
  tellProgress(change, position);
  return runStep(change.desk, call);
}

/**
 * Runs the steps from the one that the job's row names, which is on the disk before it begins.
 * `first`: what became of that one, where it is known already. Throws `LeftForNextStart`.
 */
export async function runSteps(change: RunningChange, first: StepResult | null): Promise<StepsEnd> {
  const { desk, open } = change;
  const { jobs, capabilities } = desk.parts;
  const steps = stepsOf(change);
  let position = steps.findIndex((step) => step.name === recordOf(open).step);
  let result = first;
  for (;;) {
    const call = callOf(change, position);
    const step = call.step.name;
    result ??= await permitted(change, position, call);
    if (result.state === 'not-done') return { how: 'not-done', reason: result.reason };
    if (result.state === 'unknown') return { how: 'unknown', ...result, step };
    const done = { step, result: result.result };
    const next = steps[position + 1];
    if (next === undefined) return { how: 'done', last: done };
    const { draining } = desk.shutdown;
    const stop = open.cancelled.aborted || draining.aborted;
    open.write((job) => {
      completed(call);
      const at = capabilities.clock.now();
      return jobs.checkpoint(job, { ...done, next: stop ? null : next.name }, at);
    });
    if (open.cancelled.aborted) return { how: 'not-done', reason: open.cancelled.reason };
    if (draining.aborted) throw new LeftForNextStart();
    position += 1;
    result = null;
  }
}
