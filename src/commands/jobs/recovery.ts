import { say } from '../../core/text.ts';
import type { JobRecord } from '../../platform/store/jobs.ts';
import type { Questions } from '../confirm/questions.ts';
import { Cancelled } from './cancelled.ts';
import type { Desk } from './desk.ts';
import { cancelledEnding, unknownEnding, whyUnknown } from './endings.ts';
import { finishJob } from './finish.ts';
import type { OpenJob } from './open-job.ts';
import { reopen } from './reopen.ts';
import { resumeChange } from './resume.ts';
import { endByError, supervised, work } from './work.ts';

/** How long finished jobs are kept. */
const keptForMs = 90 * 86_400_000;

/**
 * Takes up what the last process left: first what it was in the middle of, so that its resources are
 * held before anybody else asks for them, then what waited, in the order in which it came in.
 */
export function recover(desk: Desk, questions: Questions): void {
  const { jobs, capabilities, database } = desk.parts;
  database.transaction(() => jobs.forgetFinishedBefore(capabilities.clock.now() - keptForMs));
  questions.resume();
  const open = questions.open();
  const left = jobs.unfinished();
  const running = left.filter((job) => job.state === 'running');
  const waiting = left.filter((job) => job.state !== 'running');
  for (const record of [...running, ...waiting]) {
    const job = reopen(desk, record);
    if (record.state === 'waiting') {
      if (record.origin.surface === 'terminal') {
        const question = open.find((each) => each.job === record.id);
        if (question !== undefined) questions.cancel(question, say('confirm.nobody-there'), null);
        else endByError(desk, job, new Cancelled('urtc'));
      } else if (!open.some((each) => each.job === record.id)) {
        endByError(desk, job, new Cancelled('urtc'));
      }
    } else takeUp(desk, job, record);
  }
}

function takeUp(desk: Desk, open: OpenJob, record: JobRecord): void {
  const { command } = open.invocation ?? { command: null };
  const began = record.state === 'running' && record.step !== null;
  if (began) {
    void supervised(desk, open, () => goOn(desk, open));
  } else if (open.cancelled.aborted) {
    endByError(desk, open, open.cancelled.reason);
  } else if (record.origin.surface === 'terminal') {
    const ending = cancelledEnding(record, [], new Cancelled('urtc'));
    const text = say('confirm.nobody-there');
    finishJob(desk, open, {
      ...ending,
      report: [{ type: 'outcome', outcome: 'cancelled', text }],
    });
  } else {
    if (command !== null && command.effect !== 'read') askAgainIfOld(desk, open, record);
    void work(desk, open);
  }
}

async function goOn(desk: Desk, open: OpenJob): Promise<void> {
  const { invocation } = open;
  if (invocation !== null && invocation.command.effect !== 'read') {
    await resumeChange(desk, open, invocation, invocation.command);
    return;
  }
  // The command is gone since an update: what its step did, nobody can ask.
  const why = whyUnknown(desk, open, open.problem);
  finishJob(desk, open, unknownEnding(open.record, [], open.record?.step ?? '', why));
}

/** What was accepted long ago and not begun is asked about, like a command that was read too late. */
function askAgainIfOld(desk: Desk, open: OpenJob, record: JobRecord): void {
  const { jobs, capabilities, policy } = desk.parts;
  const now = capabilities.clock.now();
  if (now - record.changedAt <= policy().staleAfterMs) return;
  open.write((job) => jobs.transition(job, { state: 'queued', consent: 'needed' }, now));
}
