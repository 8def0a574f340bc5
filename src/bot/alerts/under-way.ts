/** Knows whether any of some pieces of work has not ended yet. */
export class UnderWay {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** Settles as the work does. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count += 1;
    try {
      return await work();
    } finally {
      this.#count -= 1;
      if (this.#count === 0) this.#tell();
    }
  }

  /** Returns when none is under way, or after so long, ms. */
  async none(atMostMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, atMostMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const tell of waiting) tell();
  }
}
