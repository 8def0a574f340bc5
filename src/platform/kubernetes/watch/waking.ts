import type { Clock } from '../../clock.ts';

/**
 * Pauses of several loops that wait for the same server: the first that reaches it again ends the
 * pauses of the others.
 */
export class Waking {
  readonly #clock: Clock;
  #round = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends every pause that is on. */
  wake(): void {
    const round = this.#round;
    this.#round = new AbortController();
    round.abort();
  }

  /** Resolves after `ms`, or when somebody wakes; rejects with the reason of `signal`. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    const { signal: woken } = this.#round;
    try {
      await this.#clock.sleep(ms, AbortSignal.any([signal, woken]));
    } catch (error) {
      if (signal.aborted || !woken.aborted) throw error;
    }
  }
}
