import { createHash } from 'node:crypto';
import { z } from 'zod';

const mostLabels = 64;
/** Characters of one value that are kept; the rest is of no use to a reader. */
const longestValue = 4000;

const isTexts = (sent: unknown): sent is Readonly<Record<string, string>> =>
  typeof sent === 'object' &&
  sent !== null &&
  !Array.isArray(sent) &&
  Object.values(sent).every((value) => typeof value === 'string');

/**
 * Labels or annotations as senders write them; nothing where there are none. They are looked at, not
 * copied: that was a fourth of all memory that a storm of posts asked for.
 */
export const sentTexts = z.custom<Readonly<Record<string, string>>>(isTexts, 'no texts').nullish();

/** Labels or annotations as they were sent. */
export type SentTexts = z.output<typeof sentTexts>;

/** RFC 3339, as Go writes it: more digits of a second than a `Date` reads are cut. ms since the epoch. */
export const sentMoment = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'no moment' });
  return z.NEVER;
});

/**
 * A text of SQLite ends at a NUL for many who read it, Node's `node:sqlite` before 24 among them
 * (sqlite.org/nulinstr.html).
 */
const nul = '\u0000';

/** As much of it as is kept, with what a NUL looks like in place of one. */
export function keptText(text: string): string {
  const whole = text.replaceAll(nul, '␀');
  return whole.length <= longestValue ? whole : `${whole.slice(0, longestValue)}…`;
}

/** A name that means something else in JavaScript; no label may have it (Prometheus' data model). */
const isKeptName = (name: string): boolean => name !== '__proto__';

/** What people are called, shown and told by: kept, however many others come before it. */
const needed: ReadonlySet<string> = new Set(['alertname', 'severity', 'summary', 'description']);

/** As much of them as is kept: the very same where that is all. */
export function keptTexts(values: SentTexts): Readonly<Record<string, string>> {
  const sent = Object.entries(values ?? {});
  const isShort = ([name, value]: [string, string]): boolean =>
    isKeptName(name) && name.length <= longestValue && value.length <= longestValue;
  if (sent.length <= mostLabels && sent.every(isShort)) return values ?? {};
  const named = sent.filter(([name]) => isKeptName(name));
  const first = named.filter(([name]) => needed.has(name));
  const others = named.filter(([name]) => !needed.has(name));
  const kept = [...first, ...others].slice(0, mostLabels);
  return Object.fromEntries(kept.map(([name, value]) => [keptText(name), keptText(value)]));
}

/** How many are not kept. */
export function leftOut(sent: SentTexts, kept: Readonly<Record<string, string>>): number {
  if (sent === kept) return 0;
  return Object.keys(sent ?? {}).length - Object.keys(kept).length;
}

/** {@link keptTexts} of what is only shown; where some are not kept, one more says how many. */
export function keptAnnotations(sent: SentTexts): Readonly<Record<string, string>> {
  const kept = keptTexts(sent);
  const more = leftOut(sent, kept);
  return more === 0 ? kept : { ...kept, '…': `+${more}` };
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What something is known by: all of it counts, however long it is. */
export function keptKey(key: string): string {
  return key.length <= longestValue && !key.includes(nul) ? key : `sha256:${hex(key)}`;
}

/** 16 hex digits of labels, where the sender gives none; not Alertmanager's own hash. */
export function fingerprintOf(labels: SentTexts): string {
  const sorted = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return hex(JSON.stringify(sorted)).slice(0, 16);
}
