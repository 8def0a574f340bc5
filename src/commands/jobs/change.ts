import { AppError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/json.ts';
import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import type { Plan } from '../command.ts';
import { alwaysAsks } from '../confirm/always-asks.ts';
import type { Invocation } from '../parse/invocation.ts';
import { bounded, untilStopped } from './bounded.ts';
import { concludeSteps } from './conclude.ts';
import { contextOf } from './context.ts';
import type { Desk } from './desk.ts';
import { auditJob, finishJob } from './finish.ts';
import type { OpenJob } from './open-job.ts';
import { guard, permit } from './permit.ts';
import { runSteps, type AnyChange, type RunningChange } from './steps.ts';

/**
 * Runs a change from its beginning: takes its resources, plans, asks where somebody must say yes,
 * and runs its steps. Rank, guards and plan are those of the moment in which it runs; what a person
 * confirmed must still be what is there.
 */
export async function runChange(
  desk: Desk,
  open: OpenJob,
  invocation: Invocation,
  command: AnyChange,
): Promise<void> {
  permit(desk, open, invocation);
  const keys = open.draft.dryRun ? [] : command.resources(invocation.input);
  const give = await hold(desk, keys, untilStopped(desk, open));
  try {
    const actor = permit(desk, open, invocation);
    await guard(desk, open, invocation, actor);
    if (!open.draft.dryRun) desk.parts.storage.assertWritable();
    if (open.draft.dryRun && command.preview !== undefined) {
      const { signal } = new AbortController();
      const context = contextOf(desk, open, command, actor, signal);
      answerPlan(desk, open, command.preview(context, invocation.input));
      return;
    }
    const plan = await bounded(desk, open, open.draft.command, (signal) =>
      command.plan(contextOf(desk, open, command, actor, signal), invocation.input),
    );
    if (open.draft.dryRun) {
      answerPlan(desk, open, plan.shown);
      return;
    }
    const { consent = open.draft.consent, facts = null } = open.record ?? {};
    if (consent === 'needed') {
      if (!open.mayAsk) throw new AppError('E_CONFIRM_NO_TTY', { command: open.draft.command });
      desk.ask(open, plan, alwaysAsks(invocation) ? 'destroy' : 'stale');
      return;
    }
    if (facts !== null && canonicalJson(facts) !== canonicalJson(plan.facts)) {
      throw new AppError('E_CONFIRM_CHANGED');
    }
    untilStopped(desk, open).throwIfAborted();
    begin(desk, open, command, plan);
    const change: RunningChange = { desk, open, invocation, command, actor };
    await concludeSteps(change, runSteps(change, null));
  } finally {
    give();
  }
}

/** Takes what the change works on, then a slot; a change that holds nothing waits for nothing. Rejects when `stop` is aborted before. */
export async function hold(
  desk: Desk,
  keys: readonly string[],
  stop: AbortSignal,
): Promise<() => void> {
  if (keys.length === 0) return () => undefined;
  const unlock = await desk.locks.acquire(keys, stop);
  try {
    const leave = await desk.changes.acquire(stop);
    return () => {
      leave();
      unlock();
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The first step stands in the row, and the decision in the audit log, before anything is done. */
function begin(desk: Desk, open: OpenJob, command: AnyChange, plan: Plan): void {
  const { jobs, capabilities } = desk.parts;
  open.write((job) => {
    auditJob(desk, job, { decision: 'allowed', result: 'begun', durationMs: null });
    return jobs.transition(
      job,
      { state: 'running', facts: plan.facts, step: command.steps[0].name },
      capabilities.clock.now(),
    );
  });
}

function answerPlan(desk: Desk, open: OpenJob, shown: readonly ReportNode[]): void {
  const report: readonly ReportNode[] = [{ type: 'title', text: say('jobs.dry-run') }, ...shown];
  const ending = { outcome: 'ok', decision: 'finished', result: 'dry-run', keep: true } as const;
  finishJob(desk, open, { ...ending, report });
}
