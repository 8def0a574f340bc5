import type { Run } from './runs.ts';
import { graphemes, widthOf } from './width.ts';

/**
 * Blanks, words, and each CJK character on its own, with the closing marks behind it (which must not
 * start a line): lines may break between any two of them.
 */
const token =
  /\s+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffdc][、。，．！？；：）」』】〉》”’]*|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffdc]+/gu;

/** Where each run starts in the joined text, to find the style of a place again. */
interface Styled {
  readonly text: string;
  readonly ends: readonly { readonly at: number; readonly code: boolean }[];
}

function join(runs: readonly Run[]): Styled {
  let text = '';
  const ends = runs.map((run) => {
    text += run.text;
    return { at: text.length, code: run.code };
  });
  return { text, ends };
}

/** The styled runs between two places of the joined text. */
function sliceRuns(styled: Styled, from: number, to: number): readonly Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (const { at, code } of styled.ends) {
    const text = styled.text.slice(Math.max(start, from), Math.min(at, to));
    if (at > from && start < to && text !== '') runs.push({ text, code });
    start = at;
  }
  return runs;
}

/**
 * Breaks styled text into lines of at most `width` columns, between words where that is possible,
 * else between characters; nothing is left out but blanks at a break. `taken` columns of the first
 * line are in use already.
 */
export function wrapRuns(
  runs: readonly Run[],
  width: number,
  taken = 0,
): readonly (readonly Run[])[] {
  const styled = join(runs);
  // Asked first, because the width of a text is not always the sum of its words' widths.
  if (taken + widthOf(styled.text) <= width) return [runs];
  const lines: { from: number; to: number }[] = [{ from: 0, to: 0 }];
  let used = taken;
  const newLine = (from: number): void => {
    lines.push({ from, to: from });
    used = 0;
  };
  const put = (to: number, columns: number): void => {
    const line = lines.at(-1);
    if (line !== undefined) line.to = to;
    used += columns;
  };
  for (const { 0: word, index } of styled.text.matchAll(token)) {
    const end = index + word.length;
    const columns = widthOf(word);
    if (used + columns <= width) {
      put(end, columns);
    } else if (word.trim() === '') {
      newLine(end);
    } else if (columns <= width) {
      newLine(index);
      put(end, columns);
    } else {
      let at = index;
      for (const character of graphemes(word)) {
        const wide = widthOf(character);
        if (used > 0 && used + wide > width) newLine(at);
        at += character.length;
        put(at, wide);
      }
    }
  }
  return lines.map(({ from, to }) => sliceRuns(styled, from, to));
}
