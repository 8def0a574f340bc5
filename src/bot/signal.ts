/** "Something changed": whoever waits goes on, and who comes too late for it does not wait. */
export class Signal {
  #isRaised = false;
  #wake: () => void = () => undefined;

  notify(): void {
    this.#isRaised = true;
    this.#wake();
  }

  /** For one waiter at a time. Also ends when aborted, or after `ms`. */
  async wait(abort: AbortSignal, ms = Infinity): Promise<void> {
    if (!this.#isRaised && !abort.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          abort.removeEventListener('abort', done);
          resolve();
        };
        const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined;
        this.#wake = done;
        abort.addEventListener('abort', done, { once: true });
      });
    }
    this.#isRaised = false;
    this.#wake = () => undefined;
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
