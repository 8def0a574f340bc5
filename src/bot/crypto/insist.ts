import type { Clock } from '../../platform/clock.ts';
import { isPassing, MatrixFailure } from '../client/failure.ts';
import { Backoff } from '../sync/backoff.ts';

/** How often and how long something is tried. */
export interface Insistence {
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** No try begins later than this, ms. */
  readonly patienceMs: number;
}

/**
 * Tries until `work` gives something. For what can't be made a second time and must not be lost to a
 * home server that is away for a moment. Null: it worked to the end and gave nothing. Throws what the
 * signal says, a `MatrixFailure` that does not pass, or did not in time, and whatever else `work` throws.
 */
export async function insist<Found>(
  { clock, signal, patienceMs }: Insistence,
  work: () => Promise<Found | null>,
): Promise<Found | null> {
  const backoff = new Backoff();
  const deadline = clock.monotonic() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const { found, failure } = await attempt(work);
    if (found !== null) return found;
    const waitMs = Math.max(backoff.next(), failure === null ? 0 : askedFor(failure));
    if (clock.monotonic() + waitMs > deadline) {
      if (failure === null) return null;
      throw failure;
    }
    await clock.sleep(waitMs, signal);
  }
}

interface Attempt<Found> {
  readonly found: Found | null;
  readonly failure: MatrixFailure | null;
}

async function attempt<Found>(work: () => Promise<Found | null>): Promise<Attempt<Found>> {
  try {
    return { found: await work(), failure: null };
  } catch (error) {
    if (!(error instanceof MatrixFailure) || !isPassing(error.failure)) throw error;
    return { found: null, failure: error };
  }
}

function askedFor({ failure }: MatrixFailure): number {
  return failure.kind === 'limited' ? (failure.retryAfterMs ?? 0) : 0;
}
