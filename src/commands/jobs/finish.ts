import { AppError } from '../../core/errors.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';
import type { JobRecord } from '../../platform/store/jobs.ts';
import type { PendingInput } from '../../platform/store/ledger.ts';
import type { AuditEntry } from '../capabilities.ts';
import type { DispatcherParts } from '../parts.ts';
import { problemReport } from '../render/problem.ts';
import { askerName } from './actor-of.ts';
import type { Desk } from './desk.ts';
import type { OpenJob } from './open-job.ts';

/** How a job ends. */
export interface Ending {
  readonly outcome: Outcome;
  readonly report: readonly ReportNode[];
  readonly decision: AuditEntry['decision'];
  /** For the audit: the outcome, or the code of the error. */
  readonly result: string;
  /** Whether the job keeps its answer; a read can be asked again. */
  readonly keep: boolean;
}

/** Adds the audit line of a job, in the caller's transaction. Throws `E_AUDIT_UNWRITABLE`. */
export function auditJob(
  desk: Desk,
  job: JobRecord,
  line: Pick<AuditEntry, 'decision' | 'result' | 'durationMs'> & { readonly actor?: string },
): void {
  desk.parts.audit.append({
    at: desk.parts.capabilities.clock.now(),
    actor: askerName(job),
    event: job.origin.surface === 'room' ? job.origin.event : null,
    job: job.id,
    line: job.line,
    ...line,
  });
}

/** A command of somebody who is not on the list: one audit line, no answer. */
export function auditStranger(desk: Desk, { sender, eventId }: PendingInput): void {
  const { parts } = desk;
  parts.database.transaction(() => {
    parts.ledger.markHandled(eventId);
    try {
      parts.audit.append({
        at: parts.capabilities.clock.now(),
        actor: sender,
        event: eventId,
        job: null,
        line: '…',
        decision: 'refused',
        result: 'E_NOT_ALLOWED',
        durationMs: null,
      });
    } catch (error) {
      parts.log.error({ err: error, event: eventId }, 'a refusal is missing in the audit log');
    }
  });
}

/**
 * Ends the job: its row, the audit line and the answer in one transaction. `before` writes what
 * belongs to the same moment. The job ends also where its audit line can't be written: what was done
 * is done, and refusing changes is decided before they begin.
 */
export function finishJob(
  desk: Desk,
  open: OpenJob,
  ending: Ending,
  before: (job: JobRecord) => JobRecord = (job) => job,
): void {
  const { parts } = desk;
  const { clock } = parts.capabilities;
  const durationMs = Math.round(clock.monotonic() - open.begunAt);
  const finished = open.write((record) => {
    const { outcome, report, decision, result } = ending;
    const kept = ending.keep ? report : null;
    const job = parts.jobs.finish(before(record), { outcome, report: kept }, clock.now());
    try {
      auditJob(desk, job, { decision, result, durationMs });
    } catch (error) {
      parts.log.error({ err: error, job: job.id }, 'the end of a job is missing in the audit log');
    }
    if (job.origin.surface === 'room') answer(desk, open, job, ending);
    return job;
  });
  if (finished.origin.surface === 'terminal') answer(desk, open, finished, ending);
}

/** The job in the language that its reader has now, which it may just have changed. */
function inTheReadersLanguage({ capabilities }: DispatcherParts, job: JobRecord): JobRecord {
  if (job.origin.surface === 'terminal') return job;
  return { ...job, language: capabilities.people.languageOf(job.origin.sender) };
}

/** The room's answer goes into the outbox, in the same transaction; the terminal's out at once. */
function answer(desk: Desk, open: OpenJob, finished: JobRecord, ending: Ending): void {
  const { parts } = desk;
  const job = inTheReadersLanguage(parts, finished);
  try {
    parts.database.transaction(() => open.surface?.finish(job, ending.report, ending.outcome));
  } catch (error) {
    if (error instanceof AppError) throw error;
    const id = parts.capabilities.errors.record(error, job.line);
    parts.log.error({ err: error, job: job.id, id }, 'an answer could not be written');
    const report = problemReport(new AppError('E_INTERNAL', { id }));
    open.surface?.finish(job, report, ending.outcome);
  }
}
