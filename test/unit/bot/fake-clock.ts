import type { Clock } from '../../../src/platform/clock.ts';

/** Time that stands still until it is moved. */
export class FakeClock implements Clock {
  /** ms since the epoch. */
  wall = 1_700_000_000_000;
  steady = 1000;
  readonly slept: number[] = [];
  #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.wall;
  }

  monotonic(): number {
    return this.steady;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ at: this.steady + ms, wake: resolve });
      signal?.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
    });
  }

  /** Moves both clocks on and wakes whose time has come. */
  advance(ms: number): void {
    this.wall += ms;
    this.steady += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.steady);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.steady);
    for (const { wake } of due) wake();
  }
}
