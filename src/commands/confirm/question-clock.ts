import type { Clock } from '../../platform/clock.ts';
import type { Question } from '../../platform/store/confirmations.ts';

/**
 * Until when questions may be answered. Both clocks must agree: the wall clock alone could be set
 * back, the steady one knows nothing of the time while we did not run.
 */
export class QuestionClock {
  readonly #clock: Clock;
  /** By question, in the steady clock's ms. */
  readonly #deadlines = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Begins to watch a question. `knownTime` is the latest wall-clock time that is known to have been
   * (ms since the epoch): a clock that shows less was set back and gives nobody more time.
   */
  watch(question: Question, knownTime: number): void {
    const left = question.expiresAt - Math.max(this.#clock.now(), knownTime);
    this.#deadlines.set(question.sequence, this.#clock.monotonic() + left);
  }

  forget(question: Question): void {
    this.#deadlines.delete(question.sequence);
  }

  /** ms that are left for an answer; 0 or less: it is too late. */
  left(question: Question): number {
    const deadline = this.#deadlines.get(question.sequence) ?? Number.NEGATIVE_INFINITY;
    return Math.min(question.expiresAt - this.#clock.now(), deadline - this.#clock.monotonic());
  }
}
