import { Secret } from '../../../../src/core/secret.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { MasterKey } from '../../../../src/platform/store/master-key.ts';

/** A master key for tests; equal seeds give equal keys. */
export function testMasterKey(seed = 1): MasterKey {
  return new MasterKey(new Secret(new Uint8Array(32).fill(seed)));
}

/** A wall clock that a test moves by hand. */
export function handClock(start = 1_700_000_000_000): Clock & { time: number } {
  const clock = { ...systemClock, time: start, now: () => clock.time };
  return clock;
}
