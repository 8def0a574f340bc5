import { expect, test } from 'vitest';
import { isRewound, streamPart } from '../../../../src/bot/sync/token.ts';

test.each([
  ['s10_1_0_1', 's9_1_0_1', true],
  ['s10_1_0_1', 's10_0_0_0', false],
  ['s9_1', 's10_1', false],
  ['m56~2.58~3.59_1', 's12', true],
  ['opaque', 's1', false],
  ['s10', 'opaque', false],
  ['s99999999999999999999', 's1', false],
])('%s, then %s: rewound %s', (since, next, expected) => {
  expect(isRewound(since, next)).toBe(expected);
});

test('numbers are compared as numbers', () => {
  expect(streamPart('s123_4_5')).toBe(123);
  expect(streamPart('t12-34_5')).toBeNull();
});
