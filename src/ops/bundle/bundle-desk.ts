import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { BundleShelf } from '../../platform/bundles/bundle-shelf.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import { collectGarbage } from '../../platform/collector.ts';

/** What bundles share over all commands. */
export interface BundleDeskParts {
  readonly shelf: BundleShelf;
  readonly clock: Clock;
  readonly log: Log;
  /** The bot's own log, the last lines; null: no bot runs in this process. */
  readonly ownLog: (() => readonly string[]) | null;
}

/** Between two looks at what is too old, ms. */
const tidyEveryMs = 3_600_000;

/** Where bundles are made: one at a time, and the old ones are put away. */
export class BundleDesk {
  readonly #parts: BundleDeskParts;
  #isBusy = false;

  constructor(parts: BundleDeskParts) {
    this.#parts = parts;
  }

  get shelf(): BundleShelf {
    return this.#parts.shelf;
  }

  /** The last lines of our own log; null: no bot runs in this process. */
  ownLog(): readonly string[] | null {
    return this.#parts.ownLog?.() ?? null;
  }

  /** Call what is returned when it ended. Throws `E_BUNDLE_BUSY`. */
  begin(): () => void {
    if (this.#isBusy) throw new AppError('E_BUNDLE_BUSY');
    this.#isBusy = true;
    return () => {
      this.#isBusy = false;
      // Seldom asked for, and 15 MB of garbage: a dozen of them had let a bot of 145 MB grow by 105.
      collectGarbage('major');
    };
  }

  /** Removes what is too old, too much, or was left by a process that died. Never throws. */
  tidy(): void {
    const { shelf, clock, log } = this.#parts;
    if (this.#isBusy) return;
    try {
      shelf.tidy(clock.now());
    } catch (error) {
      log.warn({ err: error }, 'old bundles could not be removed');
    }
  }

  /** Goes on doing so until aborted. */
  async keepTidy(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.tidy();
      await rest(this.#parts.clock, tidyEveryMs, signal);
    }
  }
}
