import { expect, test } from 'vitest';
import { Signal } from '../../../src/bot/signal.ts';

test('who comes after it does not wait, but only once', async () => {
  const signal = new Signal();
  const { signal: never } = new AbortController();
  signal.notify();
  await signal.wait(never);
  let isOver = false;
  const second = signal.wait(never).then(() => (isOver = true));
  await Promise.resolve();
  expect(isOver).toBe(false);
  signal.notify();
  await second;
});

test('ends by abort and by time', async () => {
  const signal = new Signal();
  const stop = new AbortController();
  await signal.wait(stop.signal, 1);
  const waiting = signal.wait(stop.signal);
  stop.abort();
  await waiting;
  await signal.wait(stop.signal);
});
