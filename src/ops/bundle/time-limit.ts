/** Aborted after so much time, until it is let go: unlike `AbortSignal.timeout`, whose signals stay until they fire. */
export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  /** `ms`: from now on. */
  constructor(ms: number) {
    this.#timer = setTimeout(() => {
      this.#controller.abort(new DOMException('no time left', 'TimeoutError'));
    }, ms);
    // A process that has nothing else to do need not wait for it.
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It is never aborted then. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
