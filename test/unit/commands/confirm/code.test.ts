import { describe, expect, it } from 'vitest';
import { looksLikeCode, newCode, sameCode } from '../../../../src/commands/confirm/code.ts';

describe('code of a question', () => {
  it('[#16] is four characters that nobody mistakes for others or for a word', () => {
    for (let round = 0; round < 2000; round += 1) {
      const code = newCode();
      expect(code).toMatch(/^[2-9BCDFGHJKMNPQRSTWXYZ]{4}$/);
      expect(code).toMatch(/[2-9]/);
      expect(code).toMatch(/[B-Z]/);
      expect(looksLikeCode(code)).toBe(true);
      expect(sameCode(code, code)).toBe(true);
    }
  });

  it.each(['k7qd', ' K7QD ', 'K7QD\n', '\u00a0k7QD', '\u2066K7QD\u2069', 'Ｋ７ＱＤ', 'K7\u200bQD'])(
    'accepts %j as phones and clipboards write it',
    (typed) => {
      expect(looksLikeCode(typed)).toBe(true);
      expect(sameCode(typed, 'K7QD')).toBe(true);
    },
  );

  it.each([
    '`K7QD`',
    '"k7qd"',
    '“K7QD”',
    '„K7QD“',
    "'K7QD'",
    '‘K7QD’',
    '「K7QD」',
    ' `K7QD` ',
    '` K7QD `',
  ])('accepts %s as the question shows or quotes it', (typed) => {
    expect(looksLikeCode(typed)).toBe(true);
    expect(sameCode(typed, 'K7QD')).toBe(true);
  });

  it.each(['`K7QD', 'K7QD`', '`K7QD"', '``K7QD``', '*K7QD*', '(K7QD)', '`K7QD` ok', '`', '"'])(
    'does not take %s for a code',
    (typed) => {
      expect(looksLikeCode(typed)).toBe(false);
      expect(sameCode(typed, 'K7QD')).toBe(false);
    },
  );

  it.each(['', 'yes', 'ok', 'fish', '2024', 'K7Q', 'K7QDD', 'K7QD K7QD', '!K7QD', 'K0QD', '✅'])(
    'does not take %j for a code',
    (typed) => {
      expect(looksLikeCode(typed)).toBe(false);
      expect(sameCode(typed, 'K7QD')).toBe(false);
    },
  );

  it('does not read a huge message as a code', () => {
    expect(looksLikeCode(`${' '.repeat(60_000)}K7QD`)).toBe(false);
  });
});
