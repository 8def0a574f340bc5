import type { Clock } from '../../platform/clock.ts';

/** So many bad tries of one address are answered with a reason, and one more every {@link refillMs}. */
const burst = 20;
const refillMs = 1000;
/** More addresses are not remembered: the longest silent one is forgotten. */
const mostAddresses = 1000;

interface Sender {
  /** Bad tries that are still answered with a reason. */
  left: number;
  /** Monotonic, ms. */
  at: number;
}

/**
 * Counts bad tries by address. It only decides how much trouble is taken with a bad try: a good one is
 * never held up, wherever it comes from, because whoever guesses may sit behind the same address.
 */
export class BadSenders {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #senders = new Map<string, Sender>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Notes a bad try. False: there were too many of late, it gets the shortest answer there is. */
  note(address: string): boolean {
    const now = this.#clock.monotonic();
    const known = this.#senders.get(address) ?? { left: burst, at: now };
    const left = Math.min(burst, known.left + (now - known.at) / refillMs);
    this.#senders.delete(address);
    if (this.#senders.size >= mostAddresses) {
      for (const [oldest] of this.#senders) {
        this.#senders.delete(oldest);
        break;
      }
    }
    const isHeard = left >= 1;
    this.#senders.set(address, { left: isHeard ? left - 1 : left, at: now });
    return isHeard;
  }
}
