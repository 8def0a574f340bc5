import type { Clock } from '../../platform/clock.ts';

/** The oldest thing that waits somewhere. */
export interface Head {
  /** Names the place and the thing: another thing at the head means that the last one was taken. */
  readonly key: string;
  /** Since when it waits, ms since the epoch. */
  readonly queuedAt: number;
}

/**
 * How long nothing has been taken from the queues: the longest time that the same thing has stood at
 * a head. Counted by the steady clock; only what waited before this process began is as old as the
 * wall clock says.
 */
export class StallWatch {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  #seen: ReadonlyMap<string, number> | null = null;

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
  }

  /** Look often: a thing is at most as much older than told as the time between two looks. ms. */
  look(heads: readonly Head[]): number {
    const now = this.#clock.monotonic();
    const before = this.#seen;
    const seen = new Map(
      heads.map(({ key, queuedAt }) => {
        const age = before === null ? Math.max(0, this.#clock.now() - queuedAt) : 0;
        return [key, before?.get(key) ?? now - age];
      }),
    );
    this.#seen = seen;
    return Math.max(0, ...[...seen.values()].map((since) => now - since));
  }
}
