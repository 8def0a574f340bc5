import { expect, it } from 'vitest';
import { inTurns } from '../../bench/latency.ts';
import { median, pairedRatio, percentile } from '../../bench/statistics.ts';

it('takes percentiles by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(hundred, 0.95)).toBe(95);
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile([7], 0.01)).toBe(7);
  expect(median([3, 1, 2])).toBe(2);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

it('lets both take turns, and each begin as often as the other', async () => {
  const order: string[] = [];
  const turn = (name: string, ms: number) => () => {
    order.push(name);
    return Promise.resolve([ms, ms]);
  };
  const pair = await inTurns(4, turn('A', 1), turn('B', 2));
  expect(order.join('')).toBe('ABBAABBA');
  expect(pair).toEqual({ ours: Array(8).fill(1), baseline: Array(8).fill(2) });
});

it('compares neighbours, so that a slow time of the machine changes nothing', () => {
  const ours = [11, 11, 110, 110, 22, 22];
  const baseline = [10, 10, 100, 100, 20, 20];
  expect(pairedRatio(ours, baseline, 2)).toBeCloseTo(1.1);
  expect(pairedRatio([1, 30, 3], [1, 1, 1], 1)).toBe(3);
});
