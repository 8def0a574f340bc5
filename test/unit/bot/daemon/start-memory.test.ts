import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { giveStartMemoryBack } from '../../../../src/bot/daemon/start-memory.ts';
import { FakeClock } from '../fake-clock.ts';

/** Something that nobody refers to any more, and whether it is still there. */
const leftBehind = (): WeakRef<object> => new WeakRef({ made: 'by the start' });

it('gives back what the start left behind, some seconds after it (fake clock)', async () => {
  const clock = new FakeClock();
  const left = leftBehind();
  const given = giveStartMemoryBack(clock, new AbortController().signal);
  // What a WeakRef refers to is kept until the turn in which it was made is over.
  await turn();
  clock.advance(10_000);
  await given;
  expect(left.deref()).toBeUndefined();
});

it('is no failure in a bot that ends before (fake clock)', async () => {
  const end = new AbortController();
  const given = giveStartMemoryBack(new FakeClock(), end.signal);
  end.abort();
  await expect(given).resolves.toBeUndefined();
});
