/** Made when it is needed: it reads large tables, 10 ms of each start. */
let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): readonly string[] {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), (each) => each.segment);
}

/** At most `limit` visible characters from the start; `…` stands for what is cut off. */
export function cutEnd(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const all = graphemes(text);
  return all.length <= limit ? text : `${all.slice(0, limit - 1).join('')}…`;
}

/** At most `limit` visible characters from the end. */
export function cutStart(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const all = graphemes(text);
  return all.length <= limit ? text : `…${all.slice(1 - limit).join('')}`;
}

/** A typed word as messages repeat it: at most 60 visible characters. */
export function shorten(text: string): string {
  return cutEnd(text, 60);
}
