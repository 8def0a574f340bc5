import { lineUp } from './line-up.ts';

/** At most so many at once; whoever comes later waits in line. */
export class Slots {
  #free: number;
  #line: readonly (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Resolves with the function that gives the slot back. Rejects with the signal's reason when it is
   * aborted before.
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else {
      await lineUp(signal, (enter) => {
        this.#line = [...this.#line, enter];
        return () => (this.#line = this.#line.filter((each) => each !== enter));
      });
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#next();
    };
  }

  #next(): void {
    const [enter, ...rest] = this.#line;
    this.#line = rest;
    if (enter === undefined) this.#free += 1;
    else enter();
  }
}
