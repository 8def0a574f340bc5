import type { Clock } from '../../platform/clock.ts';

/** How a piece of work ended that had a time limit and could be stopped. */
export type Ended<Result> =
  | { readonly how: 'returned'; readonly value: Result }
  | { readonly how: 'threw'; readonly error: unknown }
  /** It was told to stop. `quiet`: it has ended since; otherwise it may still be at it. */
  | { readonly how: 'stopped'; readonly reason: unknown; readonly quiet: boolean };

/** Limits of one piece of work. */
export interface Deadline {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** The reason of a stop by time. */
  readonly timeoutReason: () => unknown;
  /** Whatever else may stop it. */
  readonly stop: AbortSignal;
  /** How long it may take to end once it was told to. */
  readonly patienceMs: number;
}

/**
 * Runs work under a time limit. A result that comes in spite of the stop counts as a result. Never
 * rejects, and never waits longer than limit and patience, whatever the work does.
 */
export async function withDeadline<Result>(
  deadline: Deadline,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Ended<Result>> {
  const { clock, timeoutMs, patienceMs, stop } = deadline;
  const own = new AbortController();
  const over = new AbortController();
  const relay = (): void => own.abort(stop.reason);
  if (stop.aborted) relay();
  stop.addEventListener('abort', relay, { once: true });
  const sleep = (ms: number): Promise<boolean> =>
    clock.sleep(ms, over.signal).then(
      () => true,
      () => false,
    );
  void sleep(timeoutMs).then((late) => {
    if (late) own.abort(deadline.timeoutReason());
  });
  const impatient = new Promise<Ended<Result>>((resolve) => {
    const wait = (): void => {
      void sleep(patienceMs).then((late) => {
        if (late) resolve({ how: 'stopped', reason: own.signal.reason, quiet: false });
      });
    };
    if (own.signal.aborted) wait();
    else own.signal.addEventListener('abort', wait, { once: true });
  });
  try {
    return await Promise.race([attempt(work, own.signal), impatient]);
  } finally {
    over.abort();
    stop.removeEventListener('abort', relay);
  }
}

async function attempt<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Ended<Result>> {
  try {
    return { how: 'returned', value: await work(signal) };
  } catch (error) {
    if (signal.aborted) return { how: 'stopped', reason: signal.reason, quiet: true };
    return { how: 'threw', error };
  }
}
