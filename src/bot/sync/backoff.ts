/** Bounds of a back-off, ms. */
export interface BackoffBounds {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * 0.5 s, doubled up to 7 s: a home server that comes back is met again in good time before the 15 s
 * that a first answer may take (chatops-bots §5, 28), and one that is down costs nothing.
 */
export const homeserverBackoff: BackoffBounds = { firstMs: 500, mostMs: 7_000 };

/** Growing waits between tries that fail. */
export class Backoff {
  readonly #bounds: BackoffBounds;
  readonly #random: () => number;
  #failures = 0;

  /** `random`: 0 to 1, for the jitter that keeps many bots from coming back all at once. */
  constructor(bounds: BackoffBounds = homeserverBackoff, random: () => number = Math.random) {
    this.#bounds = bounds;
    this.#random = random;
  }

  /** How many tries have failed since the last good one. */
  get failures(): number {
    return this.#failures;
  }

  /** Notes a failure; returns how long to wait now, in ms: between half and all of the bound. */
  next(): number {
    const { firstMs, mostMs } = this.#bounds;
    const bound = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    return bound * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
