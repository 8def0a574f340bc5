import { setTimeout as pause } from 'node:timers/promises';
import { LabError } from './failure.ts';

/**
 * How long and how often a condition is looked at. Both in milliseconds. By default a look comes
 * after a tenth of the time that was waited already: a long wait is to cost the others little.
 */
export interface Patience {
  readonly timeoutMs: number;
  readonly everyMs?: number;
}

const soonest = 20;
const latest = 250;

/**
 * Waits until `look` gives something other than `undefined` and returns that. This is for
 * conditions that nothing announces (a file, a foreign process); where an event is announced,
 * wait for the event.
 *
 * @throws LabError naming `what` when the deadline passes.
 */
export const until = async <T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  { timeoutMs, everyMs }: Patience,
): Promise<T> => {
  const began = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const waited = performance.now() - began;
    if (waited > timeoutMs) {
      throw new LabError(`${what}: not within ${timeoutMs} ms`);
    }
    await pause(everyMs ?? Math.min(latest, Math.max(soonest, waited / 10)));
  }
};

/**
 * Waits for a promise, but not longer than `timeoutMs`.
 *
 * @throws LabError naming `what` when the deadline passes; the promise itself goes on.
 */
export const within = async <T>(
  what: string,
  promise: Promise<T>,
  timeoutMs: number,
): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new LabError(`${what}: not within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
