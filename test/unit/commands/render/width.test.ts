import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { outcomeIcons } from '../../../../src/commands/render/outcome.ts';
import { graphemes, widthOf } from '../../../../src/commands/render/width.ts';
import { words } from '../../../../src/core/words/zh/index.ts';

const letters = (text: string): string[] =>
  [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

describe('the width of a line', () => {
  it('is that of string-width for every character of the first plane', () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0xffff; code += 1) {
      const character = String.fromCharCode(code);
      if (widthOf(character) !== stringWidth(character)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it('is that of string-width, and its letters are those of the segmenter, for any line of signs that meet on our pages', () => {
    const signs = [
      ...Object.values(outcomeIcons),
      ...letters('aé·—“”…→─│┼█▁中文，。（）《》'),
      '\ufe0f',
    ];
    const others = [
      '\u200d',
      '\u0301',
      '\u20e3',
      '\u3099',
      '👍',
      '🏽',
      'が',
      'ᄀ',
      'ᅡ',
      '⺀',
      '\u{111c2}',
    ];
    const line = fc.array(fc.constantFrom(...signs, ...others), { maxLength: 12 });
    fc.assert(
      fc.property(line, (parts) => {
        const text = parts.join('');
        expect(widthOf(text)).toBe(stringWidth(text));
        expect([...graphemes(text)]).toEqual(letters(text));
      }),
    );
  });

  it('of the Chinese texts is that of string-width, too', () => {
    for (const text of Object.values(words)) expect(widthOf(text)).toBe(stringWidth(text));
  });
});
