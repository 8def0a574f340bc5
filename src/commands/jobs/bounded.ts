import { AppError } from '../../core/errors.ts';
import { withDeadline } from './deadline.ts';
import type { Desk } from './desk.ts';
import type { OpenJob } from './open-job.ts';

/** Aborted when the job is cancelled or when nothing new may begin. */
export function untilStopped(desk: Desk, open: OpenJob): AbortSignal {
  return AbortSignal.any([open.cancelled, desk.shutdown.draining]);
}

/**
 * Runs what changes nothing (a plan, a guard, a read) under the usual time limit. Throws what it
 * throws, `E_JOB_TIMEOUT` under `name`, or the reason why it was stopped.
 */
export async function bounded<Result>(
  desk: Desk,
  open: OpenJob,
  name: string,
  work: (signal: AbortSignal) => Promise<Result>,
  timeoutMs: number = desk.limits.timeoutMs,
): Promise<Result> {
  const { patienceMs } = desk.limits;
  const ended = await withDeadline(
    {
      clock: desk.parts.capabilities.clock,
      timeoutMs,
      timeoutReason: () =>
        new AppError('E_JOB_TIMEOUT', { step: name, limit: { span: timeoutMs } }),
      stop: untilStopped(desk, open),
      patienceMs,
    },
    work,
  );
  switch (ended.how) {
    case 'returned':
      return ended.value;
    case 'threw':
      throw ended.error;
    case 'stopped':
      throw ended.reason;
    default:
      return ended satisfies never;
  }
}
