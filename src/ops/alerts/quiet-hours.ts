/** When only what is critical is told: times of day (`22:00`) in a zone of the time zone database. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/**
 * Whether `now` (ms since the epoch) lies in them. Judged by the clock on the wall of that zone, each
 * time anew: a night in which the clocks change is an hour shorter or longer, and its end is where
 * the wall says so.
 */
export function isQuiet({ from, to, timeZone }: QuietHours, now: number): boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  // `HH:MM`, which sorts as it runs.
  const wall = format.format(now);
  return from < to ? wall >= from && wall < to : wall >= from || wall < to;
}
