import { jsonObjectSchema } from '../../core/json.ts';
import { AppError } from '../../core/errors.ts';
import type { Actor } from '../actor.ts';
import type { Invocation } from '../parse/invocation.ts';
import { untilStopped } from './bounded.ts';
import { hold } from './change.ts';
import { concludeSteps } from './conclude.ts';
import type { Desk } from './desk.ts';
import { isRefusal } from './fail.ts';
import type { OpenJob } from './open-job.ts';
import { guard, permit } from './permit.ts';
import { LeftForNextStart } from './shutdown.ts';
import { askTarget, stepResult, type StepCall, type StepResult } from './step-result.ts';
import {
  callOf,
  runSteps,
  stepsOf,
  type AnyChange,
  type RunningChange,
  type StepsEnd,
} from './steps.ts';

/**
 * Goes on with a change that ran when the process ended. The step that was running is settled by its
 * target: done, then the next one; not done, then it is run; unknown, then that is said.
 */
export async function resumeChange(
  desk: Desk,
  open: OpenJob,
  invocation: Invocation,
  command: AnyChange,
): Promise<void> {
  const give = await hold(desk, command.resources(invocation.input), desk.shutdown.draining);
  try {
    const change: RunningChange = { desk, open, invocation, command, actor: actorThen(desk, open) };
    await concludeSteps(change, settleAndGoOn(change));
  } finally {
    give();
  }
}

/** To ask the target what became of a step, nobody needs a right: whoever asked then may be gone now. */
function actorThen(desk: Desk, { draft }: OpenJob): Actor {
  const { origin, rank } = draft;
  if (origin.surface === 'terminal') return { kind: 'local', login: origin.login, rank };
  const role = desk.parts.capabilities.people.roleOf(origin.sender);
  return { kind: 'person', user: origin.sender, rank: role ?? 'viewer' };
}

async function settleAndGoOn(change: RunningChange): Promise<StepsEnd> {
  const { desk, open, invocation } = change;
  const { step, checkpoints } = open.record ?? { step: null, checkpoints: {} };
  const position = stepsOf(change).findIndex((each) => each.name === step);
  if (step === null || position === -1) {
    const reason = new Error(`${open.draft.command} has no step ${String(step)} any more`);
    return { how: 'unknown', step: step ?? '', why: null, reason };
  }
  if (Object.hasOwn(checkpoints, step)) {
    const result = jsonObjectSchema.parse(checkpoints[step]);
    return runSteps(change, { state: 'done', result });
  }
  const settled = await settle(change, callOf(change, position));
  if (settled.state !== 'not-done') return runSteps(change, settled);
  if (open.cancelled.aborted) return { how: 'not-done', reason: open.cancelled.reason };
  if (Object.keys(checkpoints).length === 0) {
    // Nothing of it was done yet: what guards an account is asked as if it began now.
    try {
      await guard(desk, open, invocation, permit(desk, open, invocation));
    } catch (reason) {
      if (reason instanceof LeftForNextStart) throw reason;
      return { how: 'not-done', reason };
    }
  }
  return runSteps(change, null);
}

/** Asks until there is an answer: after a reboot the home server often comes up later than we do. */
async function settle(change: RunningChange, call: StepCall): Promise<StepResult> {
  const { desk, open } = change;
  const { clock } = desk.parts.capabilities;
  const until = clock.monotonic() + desk.limits.settleMs;
  for (let pauseMs = 1000; ; pauseMs = Math.min(pauseMs * 2, 15_000)) {
    const answer = await askTarget(desk, call);
    if (answer.state !== 'silent') return stepResult(answer, null);
    const { error } = answer;
    const worthwhile = error instanceof AppError && !isRefusal(error);
    if (!worthwhile || clock.monotonic() + pauseMs > until || open.cancelled.aborted) {
      return { state: 'unknown', why: null, reason: error };
    }
    try {
      await clock.sleep(pauseMs, untilStopped(desk, open));
    } catch {
      // Only the two reasons of the signal come here: shutdown, or somebody does not want to wait.
      if (desk.shutdown.draining.aborted) throw new LeftForNextStart();
      return { state: 'unknown', why: null, reason: error };
    }
  }
}
