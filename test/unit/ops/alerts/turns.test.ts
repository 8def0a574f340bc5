import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../../../src/ops/alerts/turns.ts';

describe('a rest from long work', () => {
  it('lets a post go all its way, which takes a turn for each step of it', async () => {
    let steps = 0;
    const post = async (): Promise<void> => {
      for (let step = 0; step < 5; step += 1) {
        await nextTurn();
        steps += 1;
      }
    };
    const posting = post();
    await new Turns().rest();
    expect(steps).toBe(5);
    await posting;
  });

  it('goes on until nobody waits for an answer, but not for ever', async () => {
    const asked: number[] = [];
    let answer = (): void => undefined;
    const turns = new Turns((atMostMs) => {
      asked.push(atMostMs);
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    let isOver = false;
    const resting = turns.rest().then(() => {
      isOver = true;
    });
    while (asked.length === 0) await nextTurn();
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect({ isOver, asked }).toEqual({ isOver: false, asked: [50] });
    answer();
    await resting;
    expect(turns.isDue).toBe(false);
  });
});
