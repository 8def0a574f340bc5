import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import { problemReport } from '../render/problem.ts';
import { Cancelled } from './cancelled.ts';
import {
  cancelledEnding,
  failedEnding,
  outcomeOfReport,
  unknownEnding,
  whyUnknown,
} from './endings.ts';
import { explain } from './fail.ts';
import { finishJob } from './finish.ts';
import { LeftForNextStart } from './shutdown.ts';
import { callOf, completed, stepsOf, type RunningChange, type StepsEnd } from './steps.ts';

/**
 * Waits for the steps and ends the job by them. Throws `LeftForNextStart` for the shutdown and where
 * the store failed in between: the row then says truly how far it came, and the next start settles it.
 */
export async function concludeSteps(
  change: RunningChange,
  steps: Promise<StepsEnd>,
): Promise<void> {
  const { desk, open } = change;
  try {
    conclude(change, await steps);
  } catch (error) {
    if (error instanceof LeftForNextStart) throw error;
    desk.parts.log.error(
      { err: error, job: open.record?.id },
      'a running job could not be written',
    );
    throw new LeftForNextStart('the store failed', { cause: error });
  }
}

function conclude(change: RunningChange, end: StepsEnd): void {
  const { desk, open } = change;
  const names = stepsOf(change).map((step) => step.name);
  switch (end.how) {
    case 'done': {
      finishDone(change, end.last);
      return;
    }
    case 'not-done': {
      finishJob(
        desk,
        open,
        end.reason instanceof Cancelled
          ? cancelledEnding(open.record, names, end.reason)
          : failedEnding(desk, open, names, end.reason),
      );
      return;
    }
    case 'unknown': {
      const interrupted = whyUnknown(desk, open, end.reason);
      const why = end.why ?? interrupted;
      finishJob(desk, open, unknownEnding(open.record, names, end.step, why));
      return;
    }
    default:
      return end satisfies never;
  }
}

function finishDone(change: RunningChange, last: Extract<StepsEnd, { how: 'done' }>['last']): void {
  const { desk, open } = change;
  const { jobs, capabilities } = desk.parts;
  const report = reportOf(change, last);
  const outcome = outcomeOfReport(report);
  finishJob(
    desk,
    open,
    { outcome, report, decision: 'finished', result: outcome, keep: true },
    (job) => {
      completed(callOf(change, stepsOf(change).length - 1));
      return jobs.checkpoint(job, { ...last, next: null }, capabilities.clock.now());
    },
  );
}

/** The command's own words. Where they fail, everything is done nevertheless, and that is said. */
function reportOf(
  { desk, open, invocation, command }: RunningChange,
  last: Extract<StepsEnd, { how: 'done' }>['last'],
): readonly ReportNode[] {
  const done = { ...open.record?.checkpoints, [last.step]: last.result };
  try {
    return command.report({ input: invocation.input, facts: open.record?.facts ?? {}, done });
  } catch (error) {
    const problem = problemReport(explain(desk, open, error));
    return [
      { type: 'outcome', outcome: 'warning', text: say('jobs.done-anyway') },
      ...problem.filter((node) => node.type !== 'outcome'),
    ];
  }
}
