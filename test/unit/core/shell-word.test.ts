import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellWord } from '../../../src/core/shell-word.ts';

it('leaves a plain path as it is and quotes all else', () => {
  expect(shellWord('/etc/urtc/config.yaml')).toBe('/etc/urtc/config.yaml');
  expect(shellWord("it's")).toBe("'it'\\''s'");
  expect(shellWord('')).toBe("''");
});

it('a shell reads it back as it was', () => {
  const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(word, (text) => {
      const read = execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`]);
      return read.toString() === text;
    }),
    { numRuns: 100, examples: [['a b'], ['-rf'], ['$(reboot)'], ["';`x`"], ['a\nb']] },
  );
});
