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
  // By the belief it would be 5 s; it tries a little earlier each time.
  expect(budget.heldMs).toBe(4000);
  clock.advance(60_000);
  // Full again: the limit may have been lifted, so it tries again.
  for (let i = 0; i < 11; i += 1) budget.noteSent();
  expect(budget.heldMs).toBe(0);
});

test('finds out that the server allows more than believed while the limit holds it (fake clock)', () => {
  const { budget, clock } = open();
  // An ESS home server: 0.5/s. A refusal tells the time until there is one event again.
  budget.noteLimited(2000);
  const allowed = 0.5;
  let tokens = 0;
  let sent = 0;
  let refused = 0;
  for (let second = 0; second < 120; second += 1) {
    clock.advance(1000);
    tokens = Math.min(30, tokens + allowed);
    if (budget.heldMs > 0) continue;
    if (tokens >= 1) {
      tokens -= 1;
      sent += 1;
      budget.noteSent();
    } else {
      refused += 1;
      budget.noteLimited(((1 - tokens) / allowed) * 1000);
    }
  }
  // 60 are allowed; by the first belief it would be 24.
  expect(sent).toBeGreaterThan(45);
  expect(refused).toBeLessThan(sent / 2);
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
