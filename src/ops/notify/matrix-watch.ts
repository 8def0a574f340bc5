import type { Clock } from '../../platform/clock.ts';
import { StallWatch, type Head } from './stall-watch.ts';

/** What the watch looks at. */
export interface MatrixWatchParts {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** The oldest message that waits for each room, and the oldest alerts that wait to be one. */
  readonly heads: () => readonly Head[];
  /** How long ago the home server last answered a sync, ms; null: not since this process began. */
  readonly syncAgeMs: () => number | null;
  /** So long (ms) nothing may be taken. */
  readonly afterMs: number;
}

/** What the watch sees, and for how long that has been so, ms. */
export interface MatrixSight {
  readonly sight: 'bad' | 'unsettled' | 'good';
  readonly forMs: number;
}

/** One long poll and its time limit, ms: as the bot's readiness has it. */
const freshSyncMs = 45_000;
/** A bot that has just begun needs so long (ms) to send what was left over. */
const beginningMs = 60_000;
/** It must be well for so long (ms), or as long as it may be ill, before it counts as well. */
const settleMs = 120_000;

/**
 * Whether Matrix takes what we have to say: `bad` when a room has taken nothing, or the home server
 * has not answered, for `afterMs`; `good` when all of that has been well for a while; in between
 * `unsettled`, where nothing begins and nothing ends. It follows what was taken, not what the
 * home server says of itself.
 */
export class MatrixWatch {
  readonly #parts: MatrixWatchParts;
  readonly #stall: StallWatch;
  readonly #begun: number;
  #wellSince: number | null = null;

  constructor(parts: MatrixWatchParts) {
    this.#parts = parts;
    this.#stall = new StallWatch(parts.clock);
    this.#begun = parts.clock.monotonic();
  }

  look(): MatrixSight {
    const { clock, heads, syncAgeMs, afterMs } = this.#parts;
    const now = clock.monotonic();
    const uptime = now - this.#begun;
    const stalledMs = this.#stall.look(heads());
    const silentMs = syncAgeMs() ?? uptime;
    const isStalled = stalledMs >= afterMs && uptime >= Math.min(afterMs, beginningMs);
    const isSilent = silentMs >= Math.max(afterMs, freshSyncMs);
    if (isStalled || isSilent) {
      this.#wellSince = null;
      const forMs = Math.max(isStalled ? stalledMs : 0, isSilent ? silentMs : 0);
      return { sight: 'bad', forMs };
    }
    if (silentMs >= freshSyncMs || syncAgeMs() === null || stalledMs >= Math.min(afterMs, 60_000)) {
      this.#wellSince = null;
      return { sight: 'unsettled', forMs: 0 };
    }
    this.#wellSince ??= now;
    // Only up to the last sign of it: what has not been missed yet proves nothing.
    const forMs = now - Math.max(silentMs, stalledMs) - this.#wellSince;
    return { sight: forMs >= Math.min(afterMs, settleMs) ? 'good' : 'unsettled', forMs };
  }
}
