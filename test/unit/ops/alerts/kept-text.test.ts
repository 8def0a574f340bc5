import { describe, expect, it } from 'vitest';
import { keptKey, keptText, keptTexts, sentTexts } from '../../../../src/ops/alerts/kept-text.ts';

describe('labels as they are sent', () => {
  it.each([
    [{ a: 'x' }, true],
    [{}, true],
    [null, true],
    [undefined, true],
    [{ a: 1 }, false],
    [{ a: null }, false],
    [['x'], false],
    ['x', false],
  ])('%j: %s', (sent, isRight) => {
    expect(sentTexts.safeParse(sent).success).toBe(isRight);
  });

  it('are kept as they are where nothing is too long, and not copied', () => {
    const labels = { a: 'x'.repeat(4000), b: 'y' };
    expect(keptTexts(labels)).toBe(labels);
    expect(keptTexts(undefined)).toEqual({});
  });

  it('are cut where there are too many or one is too long, and have no prototype of their own', () => {
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, nth) => [`l${nth}`, 'x']));
    expect(Object.keys(keptTexts(many))).toHaveLength(64);
    expect(keptTexts({ a: 'x'.repeat(4001) })).toEqual({ a: `${'x'.repeat(4000)}…` });
    expect(Object.keys(keptTexts({ ['l'.repeat(4001)]: 'x' }))).toEqual([`${'l'.repeat(4000)}…`]);
    const sent = sentTexts.parse(JSON.parse('{"__proto__":"x","a":"y"}'));
    expect(JSON.stringify(keptTexts(sent))).toBe('{"a":"y"}');
  });
});

describe('texts and keys of their own', () => {
  it('have no NUL, at which a text of SQLite ends for Node before 24', () => {
    expect(keptText('a\u0000b')).toBe('a␀b');
    expect(keptText('a\u0000b')).not.toContain('\u0000');
    const keys = ['a\u0000b', 'a\u0000c', 'a'].map(keptKey);
    expect(new Set(keys).size).toBe(3);
    expect(keys.join()).not.toContain('\u0000');
    expect(keptKey('a')).toBe('a');
  });
});
