import { AppError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { say, type Text } from '../../core/text.ts';
import type { CapabilityName } from '../capabilities.ts';
import type { Context, Settled, Step, StepInput } from '../command.ts';
import type { AnyInput } from '../parse/invocation.ts';
import { withDeadline } from './deadline.ts';
import type { Desk } from './desk.ts';
import { isRefusal } from './fail.ts';
import { LeftForNextStart } from './shutdown.ts';
import { stepWords } from './step-words.ts';

/** What became of one step. `not-done` carries why: an error, or that somebody stopped it. */
export type StepResult =
  | { readonly state: 'done'; readonly result: JsonObject }
  | { readonly state: 'not-done'; readonly reason: unknown }
  /** `why`: what the target says, null where it is silent. `reason`: what stopped us. */
  | { readonly state: 'unknown'; readonly why: Text | null; readonly reason: unknown };

/** A step with its types forgotten, and what it is given. */
export interface StepCall {
  readonly step: Step<AnyInput, CapabilityName>;
  readonly input: StepInput<AnyInput>;
  /** A context whose signal is this one. */
  readonly context: (signal: AbortSignal) => Context<CapabilityName>;
  /** Aborted by `!cancel`. */
  readonly cancelled: AbortSignal;
}

function deadlineOf(desk: Desk, call: StepCall, stop: AbortSignal) {
  const timeoutMs = call.step.timeoutMs ?? desk.limits.timeoutMs;
  return {
    clock: desk.parts.capabilities.clock,
    timeoutMs,
    timeoutReason: () =>
      new AppError('E_JOB_TIMEOUT', {
        step: stepWords(call.step.name),
        limit: { span: timeoutMs },
      }),
    stop,
    patienceMs: desk.limits.patienceMs,
  };
}

/**
 * Runs a step. Where it failed in a way that may have left something done (a lost answer, a time
 * limit, a fault of ours), the target is asked; a refusal by the target is believed.
 * Throws `LeftForNextStart` where the shutdown stopped it.
 */
export async function runStep(desk: Desk, call: StepCall): Promise<StepResult> {
  const { hurrying } = desk.shutdown;
  const ended = await withDeadline(
    deadlineOf(desk, call, AbortSignal.any([call.cancelled, hurrying])),
    (signal) => call.step.run(call.context(signal), call.input),
  );
  switch (ended.how) {
    case 'returned':
      return { state: 'done', result: ended.value };
    case 'threw':
      if (isRefusal(ended.error)) return { state: 'not-done', reason: ended.error };
      return afterDoubt(desk, call, ended.error);
    case 'stopped':
      if (hurrying.aborted) throw new LeftForNextStart();
      if (ended.quiet) return afterDoubt(desk, call, ended.reason);
      return { state: 'unknown', why: say('jobs.why.still-running'), reason: ended.reason };
    default:
      return ended satisfies never;
  }
}

async function afterDoubt(desk: Desk, call: StepCall, reason: unknown): Promise<StepResult> {
  const settled = await askTarget(desk, call);
  if (settled.state !== 'silent') return stepResult(settled, reason);
  return { state: 'unknown', why: null, reason };
}

/** The target's answer as the result of a step that `reason` interrupted. */
export function stepResult(settled: Settled, reason: unknown): StepResult {
  return settled.state === 'done' ? settled : { ...settled, reason };
}

/** The target's answer, or that it gave none. */
type Answer = Settled | { readonly state: 'silent'; readonly error: unknown };

/** Asks the target once what became of the step. Throws `LeftForNextStart`. */
export async function askTarget(desk: Desk, call: StepCall): Promise<Answer> {
  const { hurrying } = desk.shutdown;
  const ended = await withDeadline(deadlineOf(desk, call, hurrying), (signal) =>
    call.step.settle(call.context(signal), call.input),
  );
  if (ended.how === 'returned') return ended.value;
  if (hurrying.aborted) throw new LeftForNextStart();
  const error = ended.how === 'threw' ? ended.error : ended.reason;
  desk.parts.log.warn({ err: error, step: call.step.name }, 'a step can not be settled');
  return { state: 'silent', error };
}
