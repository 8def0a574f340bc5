import type { JsonObject } from '../../core/json.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { JobRecord } from '../../platform/store/jobs.ts';
import { shownActor } from '../actor-name.ts';
import { problemReport } from '../render/problem.ts';
import { Cancelled } from './cancelled.ts';
import type { Desk } from './desk.ts';
import { explain, isRefusal } from './fail.ts';
import type { Ending } from './finish.ts';
import type { OpenJob } from './open-job.ts';
import { LeftForNextStart } from './shutdown.ts';
import { stepList, stepWords } from './step-words.ts';

/** What a report says of itself; `ok` where it says nothing. */
export function outcomeOfReport(report: readonly ReportNode[]): Outcome {
  const said = report.filter((node) => node.type === 'outcome').at(-1);
  return said?.outcome ?? 'ok';
}

/** Which steps were done and which were not; nothing where there was only one thing to do. */
function stepsSoFar(steps: readonly string[], checkpoints: JsonObject): readonly ReportNode[] {
  const done = steps.filter((name) => Object.hasOwn(checkpoints, name));
  if (done.length === 0) return [];
  const open = steps.filter((name) => !done.includes(name));
  return [
    {
      type: 'fields',
      id: 'steps',
      fields: [
        { id: 'done', label: say('jobs.steps.done'), value: stepList(done) },
        { id: 'not_done', label: say('jobs.steps.not-done'), value: stepList(open) },
      ],
    },
  ];
}

/** Somebody stopped it. */
export function cancelledEnding(
  record: Pick<JobRecord, 'checkpoints'> | null,
  steps: readonly string[],
  cancelled: Cancelled,
): Ending {
  const progress = stepsSoFar(steps, record?.checkpoints ?? {});
  const text = say(progress.length === 0 ? 'jobs.cancelled.nothing' : 'jobs.cancelled.partly', {
    by: shownActor(cancelled.by),
  });
  return {
    outcome: 'cancelled',
    report: [{ type: 'outcome', outcome: 'cancelled', text }, ...progress],
    decision: 'cancelled',
    result: 'cancelled',
    keep: true,
  };
}

/** A step failed and was not done. */
export function failedEnding(
  desk: Desk,
  open: OpenJob,
  steps: readonly string[],
  thrown: unknown,
): Ending {
  const error = explain(desk, open, thrown);
  const progress = stepsSoFar(steps, open.record?.checkpoints ?? {});
  const report = problemReport(error);
  // Something was done already: then it is a failure, whoever refused the rest.
  const outcome = progress.length > 0 ? 'failed' : outcomeOfReport(report);
  return {
    outcome,
    report: [...report, ...progress],
    decision: isRefusal(error) && progress.length === 0 ? 'refused' : 'finished',
    result: error.code,
    keep: true,
  };
}

/** What stopped a step, as the reason why nothing is known of it. A fault of ours is logged. */
export function whyUnknown(desk: Desk, open: OpenJob, reason: unknown): Text {
  const stopped = reason === null || reason instanceof Cancelled;
  if (stopped || reason instanceof LeftForNextStart) return say('jobs.why.interrupted');
  const error = explain(desk, open, reason);
  return say(error.code, error.params);
}

/** Nobody can tell whether a step was done; it is said and never repeated. */
export function unknownEnding(
  record: Pick<JobRecord, 'checkpoints'> | null,
  steps: readonly string[],
  step: string,
  why: Text,
): Ending {
  return {
    outcome: 'unknown',
    report: [
      { type: 'outcome', outcome: 'unknown', text: say('jobs.unknown', { step: stepWords(step) }) },
      { type: 'paragraph', text: say('jobs.unknown.why', { why }) },
      ...stepsSoFar(steps, record?.checkpoints ?? {}),
      { type: 'hint', text: say('jobs.unknown.next') },
    ],
    decision: 'finished',
    result: 'unknown',
    keep: true,
  };
}
