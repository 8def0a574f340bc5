import { expect, it } from 'vitest';
import { duration } from '../../../../src/commands/nouns/silence/duration.ts';

const hour = 3_600_000;

it.each([
  ['1m', hour / 60],
  ['90m', 1.5 * hour],
  ['1d12h', 36 * hour],
  ['1D12H30M', 36.5 * hour],
  ['365d', 365 * 24 * hour],
])('[#13] %s', (text, ms) => {
  expect(duration.parse(text)).toBe(ms);
});

it.each(['0', '0m', '', '1', 'm', '1y', '366d', '365d1m', '12h1d', '-1h', '1.5h', '1h 30m', '1s'])(
  '[#13] “%s” is no length of a silence',
  (text) => {
    expect(duration.safeParse(text).success).toBe(false);
  },
);
