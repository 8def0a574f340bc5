/** Inclusive ranges of UTF-16 code units. */
export type Ranges = readonly (readonly [low: number, high: number])[];

/** Whether a code unit belongs to a set. */
export type CharacterSet = (code: number) => boolean;

const word: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const digit: Ranges = [[0x30, 0x39]];
const space: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const all: Ranges = [[0, 0xffff]];

/** All code units that are not in these ranges. */
export function complement(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const gaps: (readonly [number, number])[] = [];
  let from = 0;
  for (const [low, high] of sorted) {
    if (low > from) gaps.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= 0xffff) gaps.push([from, 0xffff]);
  return gaps;
}

/** Ranges of `\d`, `\W`, …; null for a letter that names none. */
export function namedRanges(letter: string): Ranges | null {
  const named: Readonly<Record<string, Ranges>> = { d: digit, w: word, s: space };
  const ranges = named[letter.toLowerCase()];
  if (ranges === undefined) return null;
  return letter === letter.toLowerCase() ? ranges : complement(ranges);
}

/** Everything: a line has no line break in it. */
export const anything: Ranges = all;

/** Whether `\b` takes it for part of a word. */
export function isWordCode(code: number): boolean {
  return word.some(([low, high]) => code >= low && code <= high);
}

function codeOf(text: string): number {
  return text.length === 1 ? text.charCodeAt(0) : -1;
}

/** A set of ranges as a question; letters in either case where `ignoreCase`. */
export function setOf(ranges: Ranges, ignoreCase: boolean): CharacterSet {
  const holds = (code: number): boolean =>
    ranges.some(([low, high]) => code >= low && code <= high);
  if (!ignoreCase) return holds;
  return (code) => {
    if (holds(code)) return true;
    const text = String.fromCharCode(code);
    return holds(codeOf(text.toLowerCase())) || holds(codeOf(text.toUpperCase()));
  };
}
