import type { Clock } from '../../platform/clock.ts';
import type { SyncCrypto } from '../client/matrix-api.ts';

/** The machine also ends what has expired (verifications, fallback keys) when it hears of a sync. */
const longestQuietMs = 60_000;

/**
 * Tells which syncs the crypto machine need not hear of: such as bring no key, no change of devices,
 * and the very counts that it has heard last. Each that it hears it answers by copying its whole
 * account and writing it to the disk, and of the syncs that a command costs nearly all are quiet.
 */
export class QuietSyncs {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #heard: { readonly counts: string; readonly at: number } | null = null;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  isQuiet(sync: SyncCrypto): boolean {
    const { toDevice, changed, left } = sync;
    if (toDevice.length > 0 || changed.length > 0 || left.length > 0) return false;
    if (this.#heard === null || this.#heard.counts !== countsOf(sync)) return false;
    return this.#clock.monotonic() - this.#heard.at < longestQuietMs;
  }

  /** The machine has taken this one, durably. */
  noteHeard(sync: SyncCrypto): void {
    this.#heard = { counts: countsOf(sync), at: this.#clock.monotonic() };
  }
}

/** As the home server ordered them; another order is only one more hearing. */
function countsOf({ oneTimeKeys, fallbackKeys }: SyncCrypto): string {
  return JSON.stringify([[...oneTimeKeys], fallbackKeys]);
}
