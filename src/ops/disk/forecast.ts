/** A measured value. `at` in ms since the epoch. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

const day = 86_400_000;
/** A line through less time says nothing of days: one upload would look like a flood. */
const shortestMs = 6 * 3_600_000;
/** Nobody plans further. */
const furthestDays = 3650;

/** Slope of the line through samples by least squares, per ms; null where there is none. */
export function slopeOf(samples: readonly Sample[]): number | null {
  const n = samples.length;
  const [first] = samples;
  if (first === undefined || n < 3) return null;
  // From the first moment on, so that the squares of times stay exact.
  const meanAt = samples.reduce((sum, { at }) => sum + (at - first.at), 0) / n;
  const meanValue = samples.reduce((sum, { value }) => sum + value, 0) / n;
  let above = 0;
  let below = 0;
  for (const { at, value } of samples) {
    const x = at - first.at - meanAt;
    above += x * (value - meanValue);
    below += x * x;
  }
  return below === 0 ? null : above / below;
}

/**
 * In how many days nothing is free any more, if it goes on as in the samples of free bytes; null:
 * it does not fill up, or they span too little time to say.
 */
export function daysUntilFull(free: readonly Sample[]): number | null {
  const last = free.at(-1);
  const [first] = free;
  if (first === undefined || last === undefined || last.at - first.at < shortestMs) return null;
  const slope = slopeOf(free);
  if (slope === null || slope >= 0) return null;
  const days = last.value / -slope / day;
  return days > furthestDays ? null : days;
}
