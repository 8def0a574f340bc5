/** How long to wait before the next attempt. */
export interface BackOffOptions {
  /** Before the second attempt at most, ms. */
  readonly firstMs: number;
  /** At most, ms. */
  readonly mostMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * Waiting times that double up to a limit, half of each by chance, so that many who lost the same
 * server do not come back in the same moment.
 */
export class BackOff {
  readonly #options: BackOffOptions;
  #failures = 0;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  /** After a success. */
  reset(): void {
    this.#failures = 0;
  }

  /** After a failure: ms to wait now. */
  next(): number {
    const { firstMs, mostMs, random } = this.#options;
    // 2^30 × 1 ms is more than any limit.
    const limit = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return limit / 2 + (random() * limit) / 2;
  }
}
