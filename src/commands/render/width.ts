import stringWidth from 'string-width';

const plainAscii = /^[\x20-\x7e]*$/;

/*
 * What our own pages are made of besides ASCII: each of these is a character of its own whatever
 * stands beside it. They are counted here, as the first emoji that is looked up costs 20 ms.
 */
/** Latin letters, punctuation, the arrow of hints, lines of tables, bars: one column each. */
const narrow =
  '\\x20-\\x7e\u00b7\u00c0-\u024f\u2013\u2014\u2018-\u201e\u2022\u2026\u2192\u2500-\u259f';
/** Chinese, its punctuation, and signs of outcomes: two columns each. */
const wide = '\u26d4\u2705\u274c\u2753\u3001\u3002\u300a-\u3011\u4e00-\u9fff\uff01-\uff5e';
const onlyKnown = new RegExp(`^[${narrow}${wide}]*$`);
const everyWide = new RegExp(`[${wide}]`, 'g');
/** The one sign of an outcome that is two characters: as wide as these are many. */
const warning = '\u26a0\ufe0f';

/** Columns that a line takes on a terminal: 2 for wide characters and emoji, 0 for marks. */
export function widthOf(line: string): number {
  if (plainAscii.test(line)) return line.length;
  const known = line.replaceAll(warning, '!!');
  if (!onlyKnown.test(known)) return stringWidth(line);
  return known.length + (known.match(everyWide)?.length ?? 0);
}

/** The line with blanks up to `width` columns. */
export function pad(line: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(line)));
  return align === 'right' ? blanks + line : line + blanks;
}

/** Made when it is needed: it reads large tables, 10 ms of each start. */
let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for single characters (grapheme clusters, Unicode UAX #29). */
export function* graphemes(text: string): Generator<string, void> {
  // Each of them stands for itself; the segmenter is slow.
  if (plainAscii.test(text) || onlyKnown.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}
