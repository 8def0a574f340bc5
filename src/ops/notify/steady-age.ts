import type { Clock } from '../../platform/clock.ts';

/**
 * Ages of moments that were written down by the wall clock, which may jump. How old one is by that
 * clock is asked once, when it is first met; from then on the steady clock goes on counting. A moment
 * in the future is as old as nothing.
 */
export class SteadyAge {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #met = new Map<string, { readonly moment: number; readonly since: number }>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
  }

  /** Age in ms of the moment that goes by this name; another moment under the same name is met anew. */
  of(name: string, moment: number): number {
    const steady = this.#clock.monotonic();
    const known = this.#met.get(name);
    if (known?.moment === moment) return steady - known.since;
    const since = steady - Math.max(0, this.#clock.now() - moment);
    this.#met.set(name, { moment, since });
    return steady - since;
  }

  /** It is now, by both clocks. */
  begin(name: string, moment: number): void {
    this.#met.set(name, { moment, since: this.#clock.monotonic() });
  }
}
