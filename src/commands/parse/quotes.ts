/**
 * Quotes in pairs: the opening one and whatever closes it. Phones and the keyboards of the world make
 * these of `"` and `'`; German closes „ with “, Danish opens with », Swedish uses ” and ’ twice.
 */
const pairs: Readonly<Record<string, string>> = {
  '"': '"',
  '＂': '＂',
  '“': '”',
  '”': '”',
  '„': '“”',
  '‟': '”',
  '«': '»',
  '»': '«»',
  '「': '」',
  '『': '』',
  '｢': '｣',
  "'": "'",
  '＇': '＇',
  '‘': '’',
  '’': '’',
  '‚': '‘’',
  '‛': '’',
  '‹': '›',
  '›': '‹›',
};

/** Single quotes, which are also apostrophes. */
export const apostrophes: ReadonlySet<string> = new Set("'＇‘’‚‛‹›");

/** The characters that close a quote opened by `char`; null where it opens none. */
export function closersOf(char: string): string | null {
  return Object.hasOwn(pairs, char) ? (pairs[char] ?? null) : null;
}
