import { describe, expect, it } from 'vitest';
import { startMaking } from '../../lab/making.ts';

describe('what the lab makes', () => {
  it('is told with the time of all of it, and not where it was there (fake clock)', () => {
    const told: string[] = [];
    let now = 5000;
    const start = () =>
      startMaking(
        (text) => told.push(text),
        () => now,
      );
    start().done('all is made');
    expect(told).toEqual([]);
    const { progress, done } = start();
    progress('kine: building');
    now += 27 * 60_000 + 9_600;
    done('all is made');
    expect(told).toEqual(['kine: building', 'all is made, in 27 min 10 s altogether']);
  });
});
