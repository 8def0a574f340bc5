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

/** What a flag for a length of time takes. */
interface Range {
  readonly leastMs: number;
  readonly mostMs: number;
}

function text({ leastMs, mostMs }: Range) {
  const fits = (typed: string): boolean => {
    const ms = parseDuration(typed);
    return ms !== null && ms >= leastMs && ms <= mostMs;
  };
  const reason = because('duration.reason', { least: { span: leastMs }, most: { span: mostMs } });
  return z.string().refine(fits, reason);
}

/** Flag that takes a length of time, in ms then; a wrong one is told the form and the range. */
export function duration(range: Range) {
  return text(range).transform((typed) => parseDuration(typed) ?? 0);
}

/** {@link duration} with a value for where it is left out. */
export function durationOr(usual: string, range: Range) {
  return text(range)
    .default(usual)
    .transform((typed) => parseDuration(typed) ?? 0);
}
