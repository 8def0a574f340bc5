import { AppError } from '../../core/errors.ts';
import { attend } from './attention.ts';
import { Cancelled } from './cancelled.ts';
import { runChange } from './change.ts';
import type { Desk } from './desk.ts';
import { cancelledEnding } from './endings.ts';
import { failJob } from './fail.ts';
import { finishJob } from './finish.ts';
import type { OpenJob } from './open-job.ts';
import { runRead } from './read.ts';
import { LeftForNextStart } from './shutdown.ts';

/** Works on a job from its beginning until it is answered, waits for a person or is left. Never rejects. */
export async function work(desk: Desk, open: OpenJob): Promise<void> {
  await supervised(desk, open, async () => {
    const { invocation } = open;
    if (invocation === null) throw open.problem;
    const { command } = invocation;
    await (command.effect === 'read'
      ? runRead(desk, open, invocation, command)
      : runChange(desk, open, invocation, command));
  });
}

/** Runs a part of a job and turns whatever it throws into the job's answer. Never rejects. */
export async function supervised(
  desk: Desk,
  open: OpenJob,
  part: () => Promise<void>,
): Promise<void> {
  const run = attended(desk, open, part);
  desk.active.add(run);
  await run;
  desk.active.delete(run);
}

async function attended(desk: Desk, open: OpenJob, part: () => Promise<void>): Promise<void> {
  open.begin();
  const stopAttending = attend(desk, open);
  try {
    await part();
  } catch (error) {
    endByError(desk, open, error);
  } finally {
    stopAttending();
  }
}

/** Ends a job that did nothing yet by what it threw; leaves it where that can't be written. */
export function endByError(desk: Desk, open: OpenJob, thrown: unknown): void {
  try {
    if (thrown instanceof LeftForNextStart) open.leave(new AppError('E_SHUTTING_DOWN'));
    else if (thrown instanceof Cancelled) {
      finishJob(desk, open, cancelledEnding(open.record, [], thrown));
    } else failJob(desk, open, thrown);
  } catch (error) {
    if (!(error instanceof LeftForNextStart)) {
      desk.parts.log.error({ err: error, job: open.record?.id }, 'an answer could not be written');
    }
    open.leave(error);
  }
}
