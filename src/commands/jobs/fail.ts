import { errorCatalogue } from '../../core/error-catalogue.ts';
import { AppError } from '../../core/errors.ts';
import { LineError } from '../parse/line-error.ts';
import { outcomeOf, problemReport } from '../render/problem.ts';
import type { Desk } from './desk.ts';
import { finishJob } from './finish.ts';
import type { OpenJob } from './open-job.ts';

/** An error as a person can be told it; what is none of the catalogue is logged under an id. */
export function explain(desk: Desk, open: OpenJob, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { line } = open.draft;
  const id = desk.parts.capabilities.errors.record(error, line);
  desk.parts.log.error({ err: error, id, line }, 'a command failed');
  return new AppError('E_INTERNAL', { id }, error);
}

/** Whether the target said no by itself: then nothing was done, and there is nothing to ask it. */
export function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && errorCatalogue[error.code].kind !== 'failed';
}

/** Ends a job that failed or was refused before it did anything. */
export function failJob(desk: Desk, open: OpenJob, thrown: unknown): void {
  const error = explain(desk, open, thrown);
  const outcome = outcomeOf(error);
  finishJob(desk, open, {
    outcome,
    report: problemReport(error, error instanceof LineError ? error.caret : undefined),
    decision: isRefusal(error) ? 'refused' : 'finished',
    result: error.code,
    keep: open.invocation !== null && open.invocation.command.effect !== 'read',
  });
}
