import type { Priority } from '../../platform/store/outbox.ts';

/** A token bucket: so many at once, so many per second after that. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Synapse's default for messages (`rc_message`, synapse/config/ratelimiting.py). */
export const synapseDefault: Rate = { perSecond: 0.2, burst: 10 };

/** Beyond this a limit makes no difference to us. */
const unlimited: Rate = { perSecond: 100, burst: 100 };
/** A success that should not have been possible raises the belief by this factor. */
const growth = 1.5;

/**
 * What the home server lets us send, as far as was seen. A server does not tell its limit: sends
 * that go well beyond the belief raise it, a 429 sets it right. Times are ms on a steady clock.
 */
export class RateBudget {
  readonly #now: () => number;
  #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(now: () => number, rate: Rate = synapseDefault) {
    this.#now = now;
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now();
  }

  /** What is believed now. */
  get rate(): Rate {
    return this.#rate;
  }

  /** How many events could be sent at once now, as is believed. */
  get available(): number {
    this.#refill();
    return this.#tokens;
  }

  #refill(): void {
    const now = this.#now();
    const gained = (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#at = now;
  }

  /** An event was accepted. */
  noteSent(): void {
    this.#refill();
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return;
    }
    const { perSecond, burst } = this.#rate;
    this.#rate = {
      perSecond: Math.min(unlimited.perSecond, perSecond * growth),
      burst: Math.min(unlimited.burst, burst * growth),
    };
    this.#tokens = Math.min(this.#rate.burst, burst * (growth - 1));
  }

  /** An event was refused (429). `retryAfterMs`: what the server said; null: nothing. */
  noteLimited(retryAfterMs: number | null): void {
    this.#refill();
    this.#tokens = 0;
    // The bucket gives one event after at most 1/rate: so the wait bounds the rate from above.
    const bound = retryAfterMs === null || retryAfterMs <= 0 ? Infinity : 1000 / retryAfterMs;
    this.#rate = {
      perSecond: Math.min(this.#rate.perSecond, bound),
      burst: Math.max(1, Math.min(this.#rate.burst, synapseDefault.burst)),
    };
  }

  /** Whether a row may go out now: half of the burst stays free for what people wait for. */
  allows(priority: Priority): boolean {
    switch (priority) {
      case 'urgent':
      case 'answer':
        return true;
      case 'progress':
      case 'background':
        return this.available - 1 >= this.#rate.burst / 2;
      default:
        return priority satisfies never;
    }
  }

  /** ms until {@link allows} lets chatter through again. */
  get chatterWaitMs(): number {
    const missing = this.#rate.burst / 2 + 1 - this.available;
    return missing <= 0 ? 0 : Math.ceil((missing / this.#rate.perSecond) * 1000);
  }
}
