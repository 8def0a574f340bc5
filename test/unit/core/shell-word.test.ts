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
  // Many words for each shell: to start one takes longer than all that it does.
  fc.assert(
    fc.property(fc.array(word, { minLength: 25, maxLength: 25 }), (texts) => {
      const script = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`;
      const read = execFileSync('/bin/sh', ['-c', script]).toString();
      expect(read).toBe(texts.map((text) => `${text}\0`).join(''));
    }),
    { numRuns: 5, examples: [[['a b', '-rf', '$(reboot)', "';`x`", 'a\nb']]] },
  );
});
