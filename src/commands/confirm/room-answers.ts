import type { ErrorCode } from '../../core/error-catalogue.ts';
import { AppError } from '../../core/errors.ts';
import type { EventId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import type { Question } from '../../platform/store/confirmations.ts';
import type { PendingInput, RoomInput } from '../../platform/store/ledger.ts';
import type { Desk } from '../jobs/desk.ts';
import { failJob } from '../jobs/fail.ts';
import { OpenJob } from '../jobs/open-job.ts';
import { looksLikeCode, sameCode } from './code.ts';
import type { Questions } from './questions.ts';

type Reaction = Extract<RoomInput, { kind: 'reaction' }>;
type Redaction = Extract<RoomInput, { kind: 'redaction' }>;

/** How long a late answer is still told that it is late. */
const lateForMs = 3_600_000;

/** When it was sent, as far as the home server says truly how old it was; ms since the epoch. */
function sentAt({ recordedAt, ageMs }: PendingInput): number {
  return recordedAt - ageMs;
}

/** A message that is no command, as an answer to a question: `text` is what the sender wrote himself. */
export interface MessageAnswer {
  readonly text: string;
  readonly replyTo: EventId | null;
  readonly thread: EventId | null;
}

/**
 * What people do in a room with our questions. Whatever concerns none of them does nothing: the
 * event is handled and nobody is told. A question is known by our own row of its prompt, never by
 * what an event says of itself, which anybody can write.
 */
export class RoomAnswers {
  readonly #desk: Desk;
  readonly #questions: Questions;

  constructor(desk: Desk, questions: Questions) {
    this.#desk = desk;
    this.#questions = questions;
  }

  /**
   * A code counts as a reply to the question, or alone in the place where the question stands. Other
   * words are no guess; where they are said to the question itself, they get an answer.
   */
  message(input: PendingInput, answer: MessageAnswer): void {
    const isCode = looksLikeCode(answer.text);
    const question = isCode ? this.#questionFor(input, answer) : null;
    try {
      if (question !== null) {
        this.#questions.answer(question, input.sender, answer.text, input.eventId);
        return;
      }
      const late = isCode ? this.#lateFor(input, answer.text) : null;
      if (late !== null) throw new AppError(late);
      const addressed = this.#addressed(input, answer);
      if (addressed === null) this.#ignore(input);
      else if (addressed.ended !== null) throw new AppError('E_CONFIRM_EXPIRED');
      else throw new AppError('E_CONFIRM_NOT_A_CODE', { code: addressed.code });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#refuse(input, error);
    }
  }

  /** ❌ says no. ✅ says yes only where reactions are trusted: they are not encrypted and can be forged. */
  reaction(input: PendingInput, { key, target }: Reaction): void {
    const question = this.#in(input).find((each) => this.#promptOf(each) === target);
    const sign = key.replace(/[\ufe0e\ufe0f]/g, '');
    if (question?.person !== input.sender) this.#ignore(input);
    else if (sign === '❌') {
      const text = say('confirm.refused', { person: input.sender });
      this.#questions.cancel(question, text, input.eventId);
    } else if (sign === '✅' && this.#desk.parts.policy().reactionsTrusted(input.roomId)) {
      this.#questions.confirm(question, input.eventId);
    } else this.#ignore(input);
  }

  /** Whoever removes the question or the command takes it back; the home server judged whether he may. */
  redaction(input: PendingInput, { target }: Redaction): void {
    const open = this.#in(input);
    const asked = open.find((each) => this.#promptOf(each) === target);
    const commanded = open.find((each) => each.commandEvent === target);
    if (asked !== undefined) {
      this.#questions.cancel(asked, say('confirm.question-removed'), input.eventId);
    } else if (commanded !== undefined) {
      this.#questions.cancel(commanded, say('confirm.command-removed'), input.eventId);
    } else this.#ignore(input);
  }

  #in(input: PendingInput): readonly Question[] {
    return this.#questions.open().filter((question) => question.room === input.roomId);
  }

  #promptOf(question: Question): EventId | null {
    return question.prompt === null ? null : this.#desk.parts.outbox.eventOf(question.prompt);
  }

  /** Whether a message is a reply to this question, or in the thread that grew from it. */
  #isTo(question: Question, { replyTo, thread }: MessageAnswer): boolean {
    const prompt = this.#promptOf(question);
    return prompt !== null && (prompt === replyTo || prompt === thread);
  }

  #questionFor(input: PendingInput, answer: MessageAnswer): Question | null {
    const { text, replyTo, thread } = answer;
    const open = this.#in(input);
    const direct = open.find((each) => this.#isTo(each, answer));
    if (direct !== undefined) return direct;
    // A reply to anything else answers what stands there, which may be a forged question.
    if (replyTo !== null) return null;
    const known = open.find((each) => each.thread === thread && sameCode(text, each.code));
    if (known !== undefined) return known;
    // The code of another question, which has ended, is no guess at this one.
    if (this.#ended(input, text) !== null) return null;
    // A guess counts against the person's own question; to others it is just a word.
    const own = open
      .filter((each) => each.thread === thread && each.person === input.sender)
      .at(-1);
    return own ?? null;
  }

  /**
   * The sender's own question that a message is said to, whatever its words: as a reply to it, in the
   * thread that grew from it, or in the thread where it stands. Of those that have ended, a reply to
   * one that nobody answered rightly; what is said after an answer is talk.
   */
  #addressed(input: PendingInput, answer: MessageAnswer): Question | null {
    const { replyTo, thread } = answer;
    if (replyTo === null && thread === null) return null;
    const open = this.#in(input).filter(({ person }) => person === input.sender);
    const direct = open.find((each) => this.#isTo(each, answer));
    if (direct !== undefined) return direct;
    if (replyTo === null) return open.filter((each) => each.thread === thread).at(-1) ?? null;
    const unanswered = this.#endedOf(input).filter(
      ({ ended }) => ended === 'expired' || ended === 'withdrawn',
    );
    return unanswered.find((each) => this.#promptOf(each) === replyTo) ?? null;
  }

  /**
   * Why the code came too late: its time was over when it was sent, or only when we read it, being
   * down or cut off meanwhile. One that did its work already is only said twice.
   */
  #lateFor(input: PendingInput, text: string): ErrorCode | null {
    const question = this.#ended(input, text);
    if (question === null || question.ended === 'confirmed') return null;
    // After a clock was set back, its end came before its time by the clock.
    const end = Math.min(question.expiresAt, question.endedAt ?? question.expiresAt);
    const inTime = question.ended === 'expired' && sentAt(input) < end;
    return inTime ? 'E_CONFIRM_READ_LATE' : 'E_CONFIRM_EXPIRED';
  }

  /** The sender's question with this code that ended not long before it was sent. */
  #ended(input: PendingInput, text: string): Question | null {
    return this.#endedOf(input).find((each) => sameCode(text, each.code)) ?? null;
  }

  /** The sender's questions in this room that ended not long before this was sent, newest first. */
  #endedOf(input: PendingInput): readonly Question[] {
    const since = Math.min(this.#desk.parts.capabilities.clock.now(), sentAt(input)) - lateForMs;
    const all = this.#desk.parts.confirmations.endedSince(since);
    return all.filter((each) => each.room === input.roomId && each.person === input.sender);
  }

  #ignore(input: PendingInput): void {
    this.#desk.parts.database.transaction(() => this.#desk.parts.ledger.markHandled(input.eventId));
  }

  /** Tells the sender why his answer does not count; a stranger gets no echo. */
  #refuse(input: PendingInput, error: AppError): void {
    const { people, clock } = this.#desk.capabilities;
    const rank = people.roleOf(input.sender);
    if (rank === null) {
      this.#ignore(input);
      return;
    }
    const { roomId: room, eventId: event, sender } = input;
    const thread = input.input.kind === 'message' ? (input.input.thread ?? null) : null;
    const open = new OpenJob(this.#desk, {
      draft: {
        origin: { surface: 'room', room, event, thread, sender },
        rank,
        language: people.languageOf(sender),
        line: 'confirm',
        command: 'confirm',
        input: {},
        dryRun: false,
        consent: 'given',
        now: clock.now(),
      },
      invocation: null,
      problem: error,
      surface: this.#desk.parts.room,
      event,
    });
    failJob(this.#desk, open, error);
  }
}
