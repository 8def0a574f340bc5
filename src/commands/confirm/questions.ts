import { AppError } from '../../core/errors.ts';
import type { EventId, JobId, UserId } from '../../core/ids.ts';
import { say, type Text } from '../../core/text.ts';
import type { Question, QuestionEnd } from '../../platform/store/confirmations.ts';
import { shownActor } from '../actor-name.ts';
import type { Plan } from '../command.ts';
import { actorOf, askerName } from '../jobs/actor-of.ts';
import { contextOf } from '../jobs/context.ts';
import type { Desk } from '../jobs/desk.ts';
import { auditJob, finishJob, type Ending } from '../jobs/finish.ts';
import type { OpenJob } from '../jobs/open-job.ts';
import { reopen } from '../jobs/reopen.ts';
import { work } from '../jobs/work.ts';
import { problemReport } from '../render/problem.ts';
import type { Prompt } from '../surface.ts';
import { newCode, sameCode } from './code.ts';
import { QuestionClock } from './question-clock.ts';

/** So many wrong codes withdraw a question. */
const triesAllowed = 5;

/** Questions that wait for a person: asked, answered, expired; each leads to one run at most. */
export class Questions {
  readonly #desk: Desk;
  readonly #clock: QuestionClock;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#clock = new QuestionClock(desk.parts.capabilities.clock);
  }

  /** Asks, in the transaction that lets the job wait. */
  ask(open: OpenJob, plan: Plan, reason: 'destroy' | 'stale'): void {
    const { jobs, confirmations, capabilities, policy } = this.#desk.parts;
    const askedAt = capabilities.clock.now();
    const expiresAt = askedAt + policy().confirmationTtlMs;
    const code = this.#freeCode();
    // Not all that asks first is beyond being undone.
    const isChange = open.invocation?.command.effect === 'change';
    const why = reason === 'destroy' && isChange ? 'asks' : reason;
    const prompt: Prompt = { code, expiresAt, reason: why, shown: plan.shown };
    const { origin } = open.draft;
    const inRoom = origin.surface === 'room' ? origin : null;
    const job = open.write((record) => {
      const waiting = jobs.transition(record, { state: 'waiting', facts: plan.facts }, askedAt);
      confirmations.add({
        job: waiting.id,
        person: askerName(waiting),
        room: inRoom?.room ?? null,
        thread: inRoom?.thread ?? null,
        commandEvent: inRoom?.event ?? null,
        code,
        prompt: inRoom === null ? null : (open.surface?.prompt(waiting, prompt) ?? null),
        reason,
        askedAt,
        expiresAt,
      });
      return waiting;
    });
    const question = confirmations.ofJob(job.id);
    if (question !== null) this.#watch(question, askedAt);
    if (inRoom === null) open.surface?.prompt(job, prompt);
  }

  /** Takes up the questions that were open when the last process ended. */
  resume(): void {
    const { jobs, confirmations } = this.#desk.parts;
    const knownTime = jobs.latestChange();
    for (const question of confirmations.open()) this.#watch(question, knownTime);
  }

  /** Questions that can still be answered, oldest first; those that can't any more are ended. */
  open(): readonly Question[] {
    const all = this.#desk.parts.confirmations.open();
    const late = all.filter((question) => this.#clock.left(question) <= 0);
    for (const question of late) this.#expire(question);
    return all.filter((question) => !late.includes(question));
  }

  /** The open question of a job, or null. */
  ofJob(job: JobId): Question | null {
    return this.open().find((question) => question.job === job) ?? null;
  }

  /**
   * Answers with a code. `event`: the message that holds it, handled with what follows from it.
   * Throws `E_CONFIRM_WRONG_PERSON`, `E_CONFIRM_WRONG_CODE`; then the event is not handled yet.
   */
  answer(question: Question, person: string, code: string, event: EventId | null): void {
    if (person !== question.person) {
      throw new AppError('E_CONFIRM_WRONG_PERSON', { person: shownActor(question.person) });
    }
    if (sameCode(code, question.code)) {
      this.confirm(question, event);
      return;
    }
    const error = new AppError('E_CONFIRM_WRONG_CODE');
    if (question.wrongTries + 1 < triesAllowed) {
      this.#desk.parts.confirmations.noteWrongTry(question);
      throw error;
    }
    const report = [
      ...problemReport(error),
      { type: 'paragraph', text: say('confirm.withdrawn', { tries: triesAllowed }) } as const,
    ];
    const ending = { outcome: 'refused', decision: 'refused', keep: true } as const;
    this.#end(question, 'withdrawn', event, { ...ending, report, result: error.code });
  }

  /** Lets the job run. The person who may answer has said yes, by code or by a trusted ✅. */
  confirm(question: Question, event: EventId | null): void {
    const { jobs, capabilities } = this.#desk.parts;
    const open = this.#job(question);
    try {
      open.write((job) => {
        this.#close(question, 'confirmed', event);
        auditJob(this.#desk, job, { decision: 'confirmed', result: 'confirmed', durationMs: null });
        return jobs.transition(
          job,
          { state: 'queued', consent: 'given' },
          capabilities.clock.now(),
        );
      });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'E_AUDIT_UNWRITABLE')) throw error;
      const ending = { outcome: 'refused', decision: 'refused', keep: true } as const;
      const report = problemReport(error);
      this.#end(question, 'cancelled', event, { ...ending, report, result: error.code });
      return;
    }
    this.#clock.forget(question);
    void work(this.#desk, open);
  }

  /** Ends it without a run: somebody said no. `text` says who or how. */
  cancel(question: Question, text: Text, event: EventId | null): void {
    this.#end(question, 'cancelled', event, {
      outcome: 'cancelled',
      report: [{ type: 'outcome', outcome: 'cancelled', text }],
      decision: 'cancelled',
      result: 'cancelled',
      keep: true,
    });
  }

  /** Who was asked may not be who answers: what this person was asked in rooms is taken back. */
  withdraw(person: UserId): void {
    const text = say('confirm.new-identity', { person });
    for (const question of this.open()) {
      if (question.person === person) this.cancel(question, text, null);
    }
  }

  #expire(question: Question): void {
    const error = new AppError('E_CONFIRM_EXPIRED');
    const ending = { outcome: 'cancelled', decision: 'cancelled', keep: true } as const;
    const [, ...rest] = problemReport(error);
    const text = say('confirm.expired', { line: this.#job(question).draft.line });
    this.#end(question, 'expired', null, {
      ...ending,
      report: [{ type: 'outcome', outcome: 'cancelled', text }, ...rest],
      result: error.code,
    });
  }

  #end(question: Question, how: QuestionEnd, event: EventId | null, ending: Ending): void {
    finishJob(this.#desk, this.#job(question), ending, (job) => {
      this.#close(question, how, event);
      return job;
    });
    this.#clock.forget(question);
    this.#tellDeclined(question);
  }

  /** What the plan began with others is ended; a command that has no such thing is not asked. */
  #tellDeclined(question: Question): void {
    const open = this.#job(question);
    const { invocation, record } = open;
    if (invocation === null || invocation.command.effect === 'read') return;
    const { command, input } = invocation;
    if (command.declined === undefined) return;
    const { people } = this.#desk.parts.capabilities;
    const { signal } = new AbortController();
    try {
      const actor = actorOf(open.draft, people);
      const context = contextOf(this.#desk, open, command, actor, signal);
      command.declined(context, { input, facts: record?.facts ?? {} });
    } catch (error) {
      this.#desk.parts.log.error({ err: error, job: question.job }, 'a refusal was not heard');
    }
  }

  #close(question: Question, how: QuestionEnd, event: EventId | null): void {
    const { confirmations, ledger, capabilities } = this.#desk.parts;
    const first = confirmations.end(question, how, capabilities.clock.now());
    if (!first) throw new Error(`the question of job ${question.job} has ended already`);
    if (event !== null) ledger.markHandled(event);
  }

  #job(question: Question): OpenJob {
    const record = this.#desk.parts.jobs.get(question.job);
    if (record === null) throw new Error(`the job ${question.job} of a question is gone`);
    return reopen(this.#desk, record);
  }

  #watch(question: Question, knownTime: number): void {
    this.#clock.watch(question, knownTime);
    void this.#endInTime(question);
  }

  async #endInTime(question: Question): Promise<void> {
    const { parts, shutdown } = this.#desk;
    const { clock } = parts.capabilities;
    try {
      for (;;) {
        const left = this.#clock.left(question);
        if (left > 0) await clock.sleep(left, shutdown.draining);
        const open = this.open().some((each) => each.sequence === question.sequence);
        if (!open) return;
      }
    } catch (error) {
      if (shutdown.draining.aborted) return;
      parts.log.error({ err: error, job: question.job }, 'a question could not be ended');
    }
  }

  #freeCode(): string {
    const taken = this.#desk.parts.confirmations.open().map((question) => question.code);
    for (;;) {
      const code = newCode();
      if (!taken.includes(code)) return code;
    }
  }
}
