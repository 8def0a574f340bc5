import type { Run } from './runs.ts';
import { graphemes, widthOf } from './width.ts';

/**
 * Blanks, words, and each CJK character on its own, with the closing marks behind it (which must not
 * start a line): lines may break between any two of them.
 */
const token =
  /\s+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffdc][、。，．！？；：）」』】〉》”’]*|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffdc]+/gu;

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
  const lines: Run[][] = [[]];
  let used = taken;
  const put = (text: string, code: boolean): void => {
    const line = lines.at(-1) ?? [];
    const last = line.at(-1);
    if (last?.code === code) line[line.length - 1] = { text: last.text + text, code };
    else line.push({ text, code });
    used += widthOf(text);
  };
  const newLine = (): void => {
    lines.push([]);
    used = 0;
  };
  for (const run of runs) {
    for (const [word] of run.text.matchAll(token)) {
      const wide = widthOf(word);
      if (used + wide <= width) {
        put(word, run.code);
      } else if (word.trim() === '') {
        newLine();
      } else if (wide <= width) {
        newLine();
        put(word, run.code);
      } else {
        for (const character of graphemes(word)) {
          if (used > 0 && used + widthOf(character) > width) newLine();
          put(character, run.code);
        }
      }
    }
  }
  return lines;
}
