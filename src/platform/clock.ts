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

/** Sleeps for `ms`, or until `signal` is aborted, which ends it early and is no failure. */
export async function rest(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
