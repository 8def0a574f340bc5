import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../src/commands/render/runs.ts';
import { widthOf } from '../../../../src/commands/render/width.ts';
import { wrapRuns } from '../../../../src/commands/render/wrap.ts';

const plain = (text: string): Run => ({ text, code: false });
const lines = (runs: readonly Run[], width: number, taken?: number): readonly string[] =>
  wrapRuns(runs, width, taken).map((line) => line.map((run) => run.text).join(''));

describe('wrapRuns', () => {
  it('breaks between words, in front of what does not fit', () => {
    expect(lines([plain('one two three')], 8)).toEqual(['one two ', 'three']);
    expect(lines([plain('one two three')], 8, 4)).toEqual(['one ', 'two ', 'three']);
  });

  it('breaks a word that is longer than a line between characters', () => {
    expect(lines([plain('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧')], 4)).toEqual(['👩‍👩‍👧👩‍👩‍👧', '👩‍👩‍👧']);
  });

  it('breaks Chinese anywhere but before a closing mark', () => {
    expect(lines([plain('系统正常。')], 8)).toEqual(['系统正', '常。']);
  });

  it('keeps a word together across a change of style, and the styles', () => {
    const runs = [plain('see '), { text: 'code', code: true }, plain(').')];
    expect(wrapRuns(runs, 8)).toEqual([
      [plain('see ')],
      [{ text: 'code', code: true }, plain(').')],
    ]);
  });

  it('leaves alone what fits as a whole, even where its characters one by one would not', () => {
    // A prepended mark and its letter take one column, the letter by itself two.
    const text = '\u{111c2}⺀';
    expect(widthOf(text)).toBeLessThan(widthOf('⺀'));
    expect(lines([plain(text)], widthOf(text))).toEqual([text]);
  });
});
