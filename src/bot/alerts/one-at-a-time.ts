/** Lets one piece of work begin when the one before has ended, however it did. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as the work does. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(work);
    this.#last = Promise.allSettled([next]);
    return next;
  }
}
