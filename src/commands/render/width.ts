import stringWidth from 'string-width';

const plainAscii = /^[\x20-\x7e]*$/;

/** Columns that a line takes on a terminal: 2 for wide characters and emoji, 0 for marks. */
export function widthOf(line: string): number {
  return plainAscii.test(line) ? line.length : stringWidth(line);
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
  // Every printable ASCII character stands for itself; the segmenter is slow.
  if (plainAscii.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}
