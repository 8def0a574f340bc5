import type { Clock } from '../../../../src/platform/clock.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. Wall and steady time can be moved apart. */
export class FakeClock implements Clock {
  #wall: number;
  #steady = 1000;
  #sleepers: readonly Sleeper[] = [];

  constructor(wall = 1_700_000_000_000) {
    this.#wall = wall;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#steady;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopped = (): void =>
        reject(signal?.reason instanceof Error ? signal.reason : new Error('stopped'));
      if (signal?.aborted === true) {
        stopped();
        return;
      }
      const sleeper = { until: this.#steady + ms, wake: resolve };
      this.#sleepers = [...this.#sleepers, sleeper];
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        stopped();
      });
    });
  }

  /** Time passes, on both clocks. */
  async advance(ms: number): Promise<void> {
    this.#wall += ms;
    this.#steady += ms;
    const due = this.#sleepers.filter((each) => each.until <= this.#steady);
    this.#sleepers = this.#sleepers.filter((each) => !due.includes(each));
    due.forEach((each) => each.wake());
    await settled();
  }

  /** Somebody sets the wall clock; no time passes. */
  setWall(wall: number): void {
    this.#wall = wall;
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
