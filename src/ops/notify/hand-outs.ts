import type { StoredTrouble } from '../../platform/store/notify-troubles.ts';

/**
 * A message is handed to a channel at most so often without hearing what became of it: once, and once
 * more after a kill or a lost answer. A refusal is not counted, for then it is not there.
 */
export const mostHandOuts = 2;

/** Whether a channel may be tried (again) with the message of these troubles. */
export function mayHandOut(troubles: readonly StoredTrouble[], channel: string): boolean {
  return troubles.every(({ handed }) => (handed[channel] ?? 0) < mostHandOuts);
}

/** Notes a hand-out (`by` 1), or that it came to nothing (`by` -1). */
export function countHandOut(trouble: StoredTrouble, channel: string, by: 1 | -1): StoredTrouble {
  const count = Math.max(0, (trouble.handed[channel] ?? 0) + by);
  return { ...trouble, handed: { ...trouble.handed, [channel]: count } };
}
