import fc from 'fast-check';

const halves = { first: 0xd800, count: 0x800 };

/**
 * Any character of Unicode but the halves of a pair, as fast-check's own `binary`: that makes a table of
 * all of them first, which takes longer than most properties and 90 MB.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10ffff - halves.count })
  .map(
    (at) => String.fromCodePoint(at < halves.first ? at : at + halves.count),
    (character) => {
      const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
      if (point === undefined || String.fromCodePoint(point) !== character)
        throw new TypeError('not one character');
      return point < halves.first ? point : point - halves.count;
    },
  );
