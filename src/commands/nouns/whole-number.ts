import { z } from 'zod';
import { because } from '../parse/reason.ts';

/** Flag that takes a whole number in plain digits; `usual` where it is left out. A wrong one is told the range. */
export function wholeNumber(range: {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}) {
  const { least, most, usual } = range;
  const isInRange = (text: string): boolean =>
    /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return z
    .string()
    .refine(isInRange, because('parse.reason.range', { least, most }))
    .transform(Number)
    .default(usual);
}
