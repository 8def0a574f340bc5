import { expect, it } from 'vitest';
import { makeNote } from '../../../../src/ops/notify/note.ts';

const made = (title: string, lines: readonly string[]) =>
  makeNote({ id: 'urtc-test-1', at: 0, urgency: 'trouble', title, lines });

it('keeps data in its line: no break, control, bidirectional mark or lone surrogate of it is left', () => {
  const { title, text } = made('a\r\nBcc: x\u2028y', ['1\n2', '\u202e\u0000\ud800z', '👩\u200d🔧']);
  expect(title).toBe('a Bcc: x y');
  expect(text).toBe('1 2\nz\n👩\u200d🔧');
});

it('is bounded in bytes and cut between characters', () => {
  const { title, text } = made(
    '界'.repeat(1000),
    Array.from({ length: 1000 }, () => '🔥'.repeat(500)),
  );
  expect(Buffer.byteLength(title)).toBeLessThanOrEqual(150);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(3500);
  expect(title).toMatch(/^界+…$/u);
  expect(text).toMatch(/^🔥+…\n[🔥…\n]+…$/u);
});
