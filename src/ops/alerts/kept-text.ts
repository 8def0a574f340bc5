import { createHash } from 'node:crypto';
import { z } from 'zod';

const mostLabels = 64;
/** Characters of one value that are kept; the rest is of no use to a reader. */
const longestValue = 4000;

/** Labels or annotations as senders write them. */
export const sentTexts = z
  .record(z.string(), z.string())
  .nullish()
  .transform((read) => read ?? {});

/** RFC 3339, as Go writes it: more digits of a second than a `Date` reads are cut. ms since the epoch. */
export const sentMoment = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'no moment' });
  return z.NEVER;
});

/** As much of it as is kept. */
export function keptText(text: string): string {
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`;
}

/** As much of them as is kept. */
export function keptTexts(values: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(values).slice(0, mostLabels);
  return Object.fromEntries(kept.map(([name, value]) => [keptText(name), keptText(value)]));
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What something is known by: all of it counts, however long it is. */
export function keptKey(key: string): string {
  return key.length <= longestValue ? key : `sha256:${hex(key)}`;
}

/** 16 hex digits of labels, where the sender gives none; not Alertmanager's own hash. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return hex(JSON.stringify(sorted)).slice(0, 16);
}
