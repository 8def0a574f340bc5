import { z } from 'zod';
import { because } from '../parse/reason.ts';

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `90s`, `30m`, `2h`, `7d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,7})([smhd])$/.exec(text.trim());
  if (match === null) return null;
  const [, count, unit] = match;
  if (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd') return null;
  return Number(count) * units[unit];
}

/** Flag that takes a length of time, in ms then; a wrong one is told the form and the range. */
export function duration(range: { readonly leastMs: number; readonly mostMs: number }) {
  const { leastMs, mostMs } = range;
  const fits = (text: string): boolean => {
    const ms = parseDuration(text);
    return ms !== null && ms >= leastMs && ms <= mostMs;
  };
  const reason = because('duration.reason', { least: { span: leastMs }, most: { span: mostMs } });
  return z
    .string()
    .refine(fits, reason)
    .transform((text) => parseDuration(text) ?? 0);
}
