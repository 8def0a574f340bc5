import { expect, test } from 'vitest';
import { RateBudget } from '../../../../src/bot/sender/rate-budget.ts';
import { FakeClock } from '../fake-clock.ts';

function open() {
  const clock = new FakeClock();
  return { clock, budget: new RateBudget(() => clock.monotonic()) };
}

test("starts with Synapse's default and keeps half of it free of chatter (fake clock)", () => {
  const { clock, budget } = open();
  for (let i = 0; i < 5; i += 1) {
    expect(budget.allows('progress')).toBe(true);
    budget.noteSent();
  }
  expect(budget.allows('progress')).toBe(false);
  expect(budget.allows('background')).toBe(false);
  expect(budget.allows('answer')).toBe(true);
  expect(budget.allows('urgent')).toBe(true);
  expect(budget.chatterWaitMs).toBe(5000);
  clock.advance(5000);
  expect(budget.chatterWaitMs).toBe(0);
  expect(budget.allows('progress')).toBe(true);
});

test('[#18] a 429 sets the belief right, and from then on it waits by itself (fake clock)', () => {
  const { clock, budget } = open();
  for (let i = 0; i < 10; i += 1) budget.noteSent();
  expect(budget.heldMs).toBe(0);
  budget.noteLimited(4000);
  expect(budget.heldMs).toBe(4000);
  clock.advance(4000);
  expect(budget.heldMs).toBe(0);
  budget.noteSent();
  expect(budget.heldMs).toBe(5000);
  clock.advance(60_000);
  // Full again: the limit may have been lifted, so it tries again.
  for (let i = 0; i < 11; i += 1) budget.noteSent();
  expect(budget.heldMs).toBe(0);
});

test('learns a lower rate from a longer wait, and never believes less than the server says (fake clock)', () => {
  const { budget } = open();
  budget.noteLimited(20_000);
  expect(budget.rate.perSecond).toBeCloseTo(0.05);
  budget.noteLimited(100);
  expect(budget.rate.perSecond).toBeCloseTo(0.05);
});

test('a server without a limit is noticed after some more than the burst (fake clock)', () => {
  const { budget } = open();
  for (let i = 0; i < 12; i += 1) budget.noteSent();
  expect(budget.isAmple).toBe(false);
  budget.noteSent();
  expect(budget.isAmple).toBe(true);
  expect(budget.allows('progress')).toBe(true);
  for (let i = 0; i < 500; i += 1) budget.noteSent();
  expect(budget.rate).toEqual({ perSecond: 100, burst: 100 });
  budget.noteLimited(1000);
  expect(budget.isAmple).toBe(false);
  // It has a limit, if a high one: what is sent at the same time would change places again.
  for (let i = 0; i < 500; i += 1) budget.noteSent();
  expect(budget.rate.burst).toBe(100);
  expect(budget.isAmple).toBe(false);
});

test('a 429 without a wait is waited out longer each time, within bounds (fake clock)', () => {
  const { budget } = open();
  budget.noteLimited(null);
  expect(budget.heldMs).toBe(10_000);
  for (let i = 0; i < 10; i += 1) budget.noteLimited(null);
  expect(budget.heldMs).toBe(20_000);
});
