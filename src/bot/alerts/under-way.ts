/** Knows whether any of some pieces of work has not ended yet. */
export class UnderWay {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** Settles as the work does. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count += 1;
    try {
      return await work();
    } finally {
      this.#count -= 1;
      if (this.#count === 0) for (const tell of this.#waiting) tell();
    }
  }

  /** Returns when none is under way, or after so long, ms. */
  async none(atMostMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, atMostMs);
      this.#waiting.add(end);
    });
  }
}
