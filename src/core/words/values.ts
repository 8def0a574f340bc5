import type { Phrase } from '../text.ts';
import type { Language } from './index.ts';
import { timeZone } from './time-zone.ts';

const locales = { en: 'en-GB', zh: 'zh-CN' } as const satisfies Record<Language, string>;

/** Made when first needed: the first formatter of a process takes about 8 MB and 13 ms. */
const numbers = new Map<Language, Intl.NumberFormat>();

/** As it stands it is what both languages write: nothing to group, nothing to round off. */
const asItStands = /^-?\d{1,3}(\.\d{1,3})?$/;

/** A number with the language's grouping; identifiers and ports are strings, not numbers. */
export function writeNumber(value: number, language: Language): string {
  const plain = String(value);
  if (asItStands.test(plain)) return plain;
  const known = numbers.get(language);
  if (known !== undefined) return known.format(value);
  const made = new Intl.NumberFormat(locales[language]);
  numbers.set(language, made);
  return made.format(value);
}

interface Clock {
  readonly date: Intl.DateTimeFormat;
  readonly zone: Intl.DateTimeFormat;
}

const clocks = new Map<string, Clock>();

function clockFor(language: Language): Clock {
  const timeZoneName = timeZone();
  const key = `${language} ${timeZoneName}`;
  const known = clocks.get(key);
  if (known !== undefined) return known;
  const made = {
    date: new Intl.DateTimeFormat(locales[language], {
      timeZone: timeZoneName,
      year: 'numeric',
      month: language === 'zh' ? '2-digit' : 'short',
      day: language === 'zh' ? '2-digit' : 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }),
    // Apart from the date: Chinese would put the zone between day and hour.
    zone: new Intl.DateTimeFormat(locales.en, { timeZone: timeZoneName, timeZoneName: 'short' }),
  };
  clocks.set(key, made);
  return made;
}

/** The furthest moment that a date can hold (ECMA-262, time values). */
const lastMoment = 8_640_000_000_000_000;

/** A moment in the zone in use; one that no calendar holds is written as its number. */
export function writeMoment(moment: number, language: Language): string {
  if (!(Math.abs(moment) <= lastMoment)) return String(moment);
  const clock = clockFor(language);
  const zone = clock.zone.formatToParts(moment).find((part) => part.type === 'timeZoneName');
  return `${clock.date.format(moment)} ${zone?.value ?? ''}`.trimEnd();
}

const sizeUnits = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size in decimal units, `1.2 MB`; below 1000 in whole bytes. */
export function writeSize(bytes: number, language: Language): string {
  if (!Number.isFinite(bytes)) return String(bytes);
  if (Math.abs(bytes) < 1000) return `${writeNumber(bytes, language)} B`;
  let value = bytes;
  let name = '';
  for (const unit of sizeUnits) {
    value /= 1000;
    name = unit;
    // 999.95 would be written as 1,000.
    if (Math.abs(value) < 999.95) break;
  }
  return `${writeNumber(Math.round(value * 10) / 10, language)} ${name}`;
}

const spanUnits = [
  ['value.days', 86_400],
  ['value.hours', 3_600],
  ['value.minutes', 60],
  ['value.seconds', 1],
] as const;

/** A length of time as its two largest units, `3 min 20 s`; below a second in ms. Joined by blanks. */
export function spanPhrases(span: number): readonly Phrase[] {
  if (!Number.isFinite(span) || Math.abs(span) < 1000)
    return [{ key: 'value.milliseconds', params: { n: Math.round(span) } }];
  const sign = Math.sign(span);
  let rest = Math.round(Math.abs(span) / 1000);
  const largest = spanUnits.findIndex(([, seconds]) => rest >= seconds);
  const shown = spanUnits.slice(largest, largest + 2);
  const smallest = shown.at(-1)?.[1] ?? 1;
  rest = Math.round(rest / smallest) * smallest;
  const phrases: Phrase[] = [];
  for (const [key, seconds] of shown) {
    const n = Math.floor(rest / seconds);
    rest -= n * seconds;
    if (n > 0) phrases.push({ key, params: { n: phrases.length === 0 ? sign * n : n } });
  }
  return phrases;
}
