/**
 * The smallest value that at least this share of all are not above (nearest rank).
 *
 * @param share Between 0 and 1: 0.95 is the 95th percentile.
 * @throws RangeError for no values: there is nothing to tell.
 */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('a percentile of nothing');
  return value;
};

/** The one in the middle. @throws RangeError for no values. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/**
 * How many times the baseline ours is, told from neighbours in time: the median of the ratios of
 * each turn's median to the other's of the same turn. What loads the machine for some seconds hits
 * both of a pair, so this shows a tenth where the plain medians swing by more.
 *
 * @param turn How many values one turn has.
 */
export const pairedRatio = (
  ours: readonly number[],
  baseline: readonly number[],
  turn: number,
): number => {
  const ratios: number[] = [];
  for (let i = 0; i < ours.length; i += turn) {
    ratios.push(median(ours.slice(i, i + turn)) / median(baseline.slice(i, i + turn)));
  }
  return median(ratios);
};
