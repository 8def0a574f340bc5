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
