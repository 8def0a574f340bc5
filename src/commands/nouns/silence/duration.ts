import { z } from 'zod';
import { because } from '../../parse/reason.ts';

const units = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const;
const form = /^(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?$/;
const least = units.m;
const most = 365 * units.d;

/** `1d12h30m` in ms; 0 where it is none. */
function read(text: string): number {
  const [, days, hours, minutes] = form.exec(text) ?? [];
  return (
    Number(days ?? 0) * units.d + Number(hours ?? 0) * units.h + Number(minutes ?? 0) * units.m
  );
}

/** A length of time as people type it, in ms; from a minute to a year. */
export const duration = z
  .string()
  .trim()
  .toLowerCase()
  .refine((text) => read(text) >= least && read(text) <= most, because('silence.reason.duration'))
  .transform(read);
