import { AppError } from '../../core/errors.ts';
import type { JobId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import type { Job, JobRecord } from '../../platform/store/jobs.ts';
import { outranks, type Actor } from '../actor.ts';
import { actorName, shownActor } from '../actor-name.ts';
import type { JobBoard } from '../capabilities.ts';
import type { Questions } from '../confirm/questions.ts';
import { askerName } from './actor-of.ts';
import { Cancelled } from './cancelled.ts';
import type { Desk } from './desk.ts';
import { reopen } from './reopen.ts';

/** Jobs for `jobs` and `cancel`. */
export class Board implements JobBoard {
  readonly #desk: Desk;
  readonly #questions: Questions;

  constructor(desk: Desk, questions: Questions) {
    this.#desk = desk;
    this.#questions = questions;
  }

  list(query: { readonly includeFinished: boolean; readonly limit: number }): readonly Job[] {
    return this.#desk.parts.jobs.list(query);
  }

  find(job: JobId): Job | null {
    return this.#desk.parts.jobs.get(job);
  }

  assertCancellable(id: JobId, actor: Actor): void {
    this.#cancellable(id, actor);
  }

  cancel(id: JobId, actor: Actor): void {
    const by = actorName(actor);
    // First of all what has run out is ended.
    const asked = this.#questions.ofJob(id);
    const job = this.#cancellable(id, actor);
    const question = job.state === 'waiting' ? asked : null;
    if (question !== null) {
      this.#questions.cancel(question, say('confirm.refused', { person: shownActor(by) }), null);
      return;
    }
    const { jobs, capabilities } = this.#desk.parts;
    const open = reopen(this.#desk, job);
    open.write((record) => jobs.requestCancel(record, by, capabilities.clock.now()));
    open.cancel(new Cancelled(by));
  }

  #cancellable(id: JobId, actor: Actor): JobRecord {
    const job = this.#desk.parts.jobs.get(id);
    if (job === null) throw new AppError('E_JOB_UNKNOWN', { job: id });
    const by = actorName(actor);
    if (askerName(job) !== by && !this.#mayCancelOthers(job, actor)) {
      throw new AppError('E_JOB_NOT_YOURS', { job: id, person: shownActor(askerName(job)) });
    }
    if (job.state === 'finished') {
      const state = say('jobs.state.finished');
      throw new AppError('E_JOB_NOT_CANCELLABLE', { job: id, state });
    }
    return job;
  }

  /** Admins stop anything; others what somebody below them asked for. */
  #mayCancelOthers(job: JobRecord, actor: Actor): boolean {
    const asker =
      job.origin.surface === 'room'
        ? this.#desk.capabilities.people.roleOf(job.origin.sender)
        : job.rank;
    return actor.rank === 'owner' || actor.rank === 'admin' || outranks(actor.rank, asker);
  }
}
