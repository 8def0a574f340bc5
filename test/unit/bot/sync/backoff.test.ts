import { expect, test } from 'vitest';
import { Backoff } from '../../../../src/bot/sync/backoff.ts';

test('[#8] [#28] grows from half a second to seven and stays there', () => {
  const backoff = new Backoff(undefined, () => 1);
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(() => backoff.next())).toEqual([
    500, 1000, 2000, 4000, 7000, 7000, 7000, 7000,
  ]);
  for (let i = 0; i < 2000; i += 1) backoff.next();
  expect(backoff.next()).toBe(7000);
  backoff.reset();
  expect(backoff.next()).toBe(500);
});

test('the jitter never takes more than half away', () => {
  expect(new Backoff(undefined, () => 0).next()).toBe(250);
});
