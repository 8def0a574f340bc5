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
/** Of sums of fractions of an event. */
const rounding = 1e-6;
/** Without a word of the server the belief does not sink below one event in 20 s. */
const slowest = 0.05;
/** So many successes that should not have been possible raise the belief … */
const slack = 3;
/** … by these factors. */
const growth: Rate = { perSecond: 4, burst: 1.5 };
/**
 * While the limit holds us we wait by the belief and so would never see that it is too low (ESS
 * allows 0.5/s): each event that passes raises it a little, each refusal takes that back.
 */
const probe = 1.25;
/** After a probe went too far, so many events pass before the next one. */
const probePatience = 6;

/**
 * What the home server lets us send, as far as was seen. A server does not tell its limit: sends
 * that go well beyond the belief raise it, a 429 sets it right. Times are ms on a steady clock.
 */
export class RateBudget {
  readonly #now: () => number;
  #rate: Rate;
  #tokens: number;
  #at: number;
  /** The limit was met and the bucket has not been full since. */
  #isHeld = false;
  #wasRefused = false;
  /** An event passed since the last refusal: the next refusal says that the belief is too high. */
  #hasPassed = false;
  /** So many events pass before the next probe. */
  #untilProbe = 1;

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

  /**
   * Whether the server has let more through than it does by default and never refused anything. Once
   * it has, every burst may end in a refusal, and what is sent at the same time then changes places.
   */
  get isAmple(): boolean {
    return !this.#wasRefused && this.#rate.burst > synapseDefault.burst;
  }

  #refill(): void {
    const now = this.#now();
    const gained = (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#at = now;
    if (this.#tokens >= this.#rate.burst) this.#isHeld = false;
  }

  /** An event was accepted. */
  noteSent(): void {
    this.#refill();
    this.#tokens -= 1;
    if (this.#isHeld) this.#probe();
    if (this.#tokens > -slack) return;
    this.#rate = {
      perSecond: Math.min(unlimited.perSecond, this.#rate.perSecond * growth.perSecond),
      burst: Math.min(unlimited.burst, this.#rate.burst * growth.burst),
    };
    this.#tokens = this.#rate.burst;
  }

  #probe(): void {
    this.#hasPassed = true;
    this.#untilProbe -= 1;
    if (this.#untilProbe > 0) return;
    const perSecond = Math.min(unlimited.perSecond, this.#rate.perSecond * probe);
    this.#rate = { ...this.#rate, perSecond };
  }

  /** An event was refused (429). `retryAfterMs`: what the server said; null: nothing. */
  noteLimited(retryAfterMs: number | null): void {
    this.#refill();
    const believed = this.#rate.perSecond / (this.#hasPassed ? probe : 1);
    if (this.#hasPassed) this.#untilProbe = probePatience;
    this.#hasPassed = false;
    this.#isHeld = true;
    this.#wasRefused = true;
    // The bucket gives one event after at most 1/rate: so the wait bounds the rate from above.
    const bound = retryAfterMs === null ? Math.max(slowest, believed / 2) : 1000 / retryAfterMs;
    const perSecond = Math.min(believed, bound);
    const wait = retryAfterMs ?? 1000 / perSecond;
    this.#rate = { perSecond, burst: Math.min(this.#rate.burst, synapseDefault.burst) };
    this.#tokens = 1 - (wait / 1000) * perSecond;
  }

  /**
   * How long to wait before the next event of any kind, ms. Once the limit was met the belief is good
   * enough to wait by it: trying at once would be refused, and each refusal costs half a second.
   */
  get heldMs(): number {
    const missing = 1 - this.available;
    if (!this.#isHeld || missing <= rounding) return 0;
    return Math.ceil((missing / this.#rate.perSecond) * 1000);
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
