import { AppError } from '../../core/errors.ts';
import type { JobRecord } from '../../platform/store/jobs.ts';
import { restoreInvocation } from '../parse/parse.ts';
import { Cancelled } from './cancelled.ts';
import type { Desk } from './desk.ts';
import { OpenJob } from './open-job.ts';

/** The job in this process: the one that is open, or made again of its row after a restart. */
export function reopen(desk: Desk, record: JobRecord): OpenJob {
  const present = desk.open.get(record.id);
  if (present !== undefined) return present;
  const surface = record.origin.surface === 'room' ? desk.parts.room : null;
  const draft = { ...record, now: record.createdAt };
  const open = new OpenJob(desk, { draft, surface, record, ...understood(desk, record) });
  if (record.cancelledBy !== null) open.cancel(new Cancelled(record.cancelledBy));
  return open;
}

function understood(desk: Desk, record: JobRecord): Pick<OpenJob, 'invocation' | 'problem'> {
  try {
    const command = desk.parts.registry.find(record.command);
    if (command === null) {
      const params = { command: record.command, help: 'help', suggestion: '' };
      throw new AppError('E_COMMAND_UNKNOWN', params);
    }
    return { invocation: restoreInvocation(command, record.input), problem: null };
  } catch (problem) {
    return { invocation: null, problem };
  }
}
