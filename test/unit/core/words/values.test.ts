import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../../src/core/words/index.ts';
import { writeNumber } from '../../../../src/core/words/values.ts';

describe('a number', () => {
  it('is written as the language writes it, also where no formatter is asked', () => {
    const formatter = {
      en: new Intl.NumberFormat('en-GB'),
      zh: new Intl.NumberFormat('zh-CN'),
    };
    const some = fc.oneof(
      fc.integer({ min: -2_000_000, max: 2_000_000 }),
      fc.integer({ min: -999_000, max: 999_000 }).map((value) => value / 1000),
      fc.double({ noDefaultInfinity: true, noNaN: true }).filter((value) => !Object.is(value, -0)),
    );
    fc.assert(
      fc.property(some, fc.constantFrom(...languages), (value, language) => {
        expect(writeNumber(value, language)).toBe(
          formatter[language].format(value === 0 ? 0 : value),
        );
      }),
    );
  });
});
