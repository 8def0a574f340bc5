import { expect, it } from 'vitest';
import { ResourceLocks } from '../../../../src/commands/jobs/resource-locks.ts';

const { signal } = new AbortController();

it('what is done without being asked takes nothing that a job holds or awaits', async () => {
  const locks = new ResourceLocks();
  const give = await locks.acquire(['stack'], signal);
  const next = locks.acquire(['stack', 'config'], signal);
  expect(locks.tryAcquire(['stack'])).toBeNull();
  expect(locks.tryAcquire(['config'])).toBeNull();
  expect(locks.tryAcquire(['account:alice'])).not.toBeNull();
  give();
  (await next)();
  expect(locks.tryAcquire(['stack'])).not.toBeNull();
});

it('and a job waits for it', async () => {
  const locks = new ResourceLocks();
  const give = locks.tryAcquire(['stack']);
  let isIn = false;
  const job = locks.acquire(['stack'], signal).then(() => {
    isIn = true;
  });
  await Promise.resolve();
  expect(isIn).toBe(false);
  give?.();
  await job;
  expect(isIn).toBe(true);
});
