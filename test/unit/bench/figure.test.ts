import { describe, expect, it } from 'vitest';
import { missed, ratioOf, type Figure } from '../../bench/figure.ts';
import { table } from '../../bench/table.ts';

const figure = (more: Partial<Figure>): Figure => ({
  ...{ name: 'latency', unit: 'ms', ours: 13, baseline: 10, targets: [], note: '10 times' },
  ...more,
});

describe('a figure beside its baseline', () => {
  it('holds up to its target and misses it above', () => {
    const targets = [{ kind: 'ratio', atMost: 1.3 }] as const;
    expect(missed(figure({ targets }))).toEqual([]);
    expect(missed(figure({ targets, ours: 13.1 }))).toEqual(targets);
    expect(ratioOf(figure({}))).toBe(1.3);
    expect(missed(figure({ targets, ours: 100, ratio: 1.2 }))).toEqual([]);
  });

  it('is held to all of its targets', () => {
    const targets = [
      { kind: 'most', atMost: 130 },
      { kind: 'ratio', atMost: 1.2 },
    ] as const;
    expect(missed(figure({ targets, ours: 131, baseline: 120 }))).toEqual([targets[0]]);
    expect(missed(figure({ targets, ours: 129, baseline: 100 }))).toEqual([targets[1]]);
  });

  it('misses a ratio that could not be measured', () => {
    const targets = [{ kind: 'ratio', atMost: 1.3 }] as const;
    for (const baseline of [null, 0, Number.NaN]) {
      expect(missed(figure({ targets, baseline }))).toEqual(targets);
    }
  });

  it('says in the table whether it holds, if anybody is to judge', () => {
    const targets = [{ kind: 'ratio', atMost: 1.3 }] as const;
    const figures = [figure({ targets }), figure({ name: 'slow', targets, ours: 200 })];
    const judged = table(figures, true);
    expect(judged).toMatch(/^latency +13\.0 ms +10\.0 ms +1\.30× +≤ 1\.3× +holds$/m);
    expect(judged).toMatch(/^slow +200 ms +10\.0 ms +20\.00× +≤ 1\.3× +MISSED$/m);
    expect(judged).toMatch(/^slow: 10 times$/m);
    expect(table(figures, false)).not.toMatch(/holds|MISSED/);
  });
});
