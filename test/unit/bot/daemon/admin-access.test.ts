import { describe, expect, it } from 'vitest';
import { AdminAccess } from '../../../../src/bot/daemon/admin-access.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { Clock } from '../../../../src/platform/clock.ts';

const forbidden = new AppError('E_ADMIN_API_FORBIDDEN', { status: '401' });

/** A home server that answers the checks with these, the last one for ever. */
function answering(...answers: readonly (AppError | null)[]) {
  let asked = 0;
  return {
    checkAccess: () => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? null;
      asked += 1;
      return answer === null ? Promise.resolve() : Promise.reject(answer);
    },
  };
}

describe('access to the admin API (made-up answers)', () => {
  it('is not known before it was asked, and follows what the last question found', async () => {
    const access = new AdminAccess(answering(null, forbidden, null));
    expect(access.problem).toBe('unasked');
    await access.check(1000);
    expect(access.problem).toBeNull();
    expect(await access.check(1000)).toBe(forbidden);
    expect(access.problem).toBe(forbidden);
    await access.check(1000);
    expect(access.problem).toBeNull();
  });

  it('is lost with the first request that was refused, without waiting for the next question', async () => {
    const access = new AdminAccess(answering(null));
    await access.check(1000);
    access.note(forbidden);
    expect(access.problem).toBe(forbidden);
  });

  it('is asked about often while it is broken, and each change is told once (fake clock)', async () => {
    const stop = new AbortController();
    const slept: number[] = [];
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 0,
      sleep: (ms) => {
        slept.push(ms);
        if (slept.length === 4) stop.abort(new Error('enough'));
        stop.signal.throwIfAborted();
        return Promise.resolve();
      },
    };
    const told: (string | null)[] = [];
    const access = new AdminAccess(answering(null, forbidden, forbidden, null));
    const watching = access.watch(
      clock,
      (problem) => told.push(problem?.code ?? null),
      stop.signal,
    );
    await expect(watching).rejects.toThrow('enough');
    expect(told).toEqual(['E_ADMIN_API_FORBIDDEN', null]);
    expect(slept).toEqual([300_000, 5000, 5000, 300_000]);
  });

  it('a defect of ours is no answer', async () => {
    const broken = { checkAccess: () => Promise.reject(new TypeError('ours')) };
    await expect(new AdminAccess(broken).check(1000)).rejects.toThrow('ours');
  });
});
