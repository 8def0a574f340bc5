import { z } from 'zod';
import { because } from '../parse/reason.ts';

/** Flag that takes a whole number in plain digits; `usual` where it is left out. */
export function wholeNumber(range: {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}) {
  return z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text), because('parse.reason.integer'))
    .transform(Number)
    .pipe(z.int().min(range.least).max(range.most))
    .default(range.usual);
}
