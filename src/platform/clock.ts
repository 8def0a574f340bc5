import { setTimeout as delay } from 'node:timers/promises';

/** Time, as a port: tests put a clock of their own here. */
export interface Clock {
  /** Wall clock, ms since the epoch. May jump; use it for what people read and for TTLs. */
  now(): number;
  /** Steady clock in ms, for durations. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};
