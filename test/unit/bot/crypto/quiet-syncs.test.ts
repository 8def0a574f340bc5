import { describe, expect, it } from 'vitest';
import type { SyncCrypto } from '../../../../src/bot/client/matrix-api.ts';
import { QuietSyncs } from '../../../../src/bot/crypto/quiet-syncs.ts';
import { parseUserId } from '../../../../src/core/ids.ts';
import { FakeClock } from '../fake-clock.ts';

const nothing: SyncCrypto = {
  toDevice: [],
  changed: [],
  left: [],
  oneTimeKeys: new Map([['signed_curve25519', 50]]),
  fallbackKeys: ['signed_curve25519'],
};
const anna = parseUserId('@anna:lab.test');

const heardOnce = (): { quiet: QuietSyncs; clock: FakeClock } => {
  const clock = new FakeClock();
  const quiet = new QuietSyncs(clock);
  expect(quiet.isQuiet(nothing)).toBe(false);
  quiet.noteHeard(nothing);
  return { quiet, clock };
};

describe('syncs that the crypto machine need not hear of', () => {
  it('are such as say only what it has heard last', () => {
    expect(
      heardOnce().quiet.isQuiet({ ...nothing, oneTimeKeys: new Map(nothing.oneTimeKeys) }),
    ).toBe(true);
  });

  it.each([
    ['a key', { toDevice: [{}] }],
    ['a changed device', { changed: [anna] }],
    ['somebody who left', { left: [anna] }],
    ['a used one-time key', { oneTimeKeys: new Map([['signed_curve25519', 49]]) }],
    ['a used fallback key', { fallbackKeys: [] }],
    ['a server that no longer speaks of fallback keys', { fallbackKeys: null }],
  ] as const)('are none that bring %s', (_what, news) => {
    expect(heardOnce().quiet.isQuiet({ ...nothing, ...news })).toBe(false);
  });

  it('end after a minute, for what expires (fake clock)', () => {
    const { quiet, clock } = heardOnce();
    clock.steady += 59_999;
    expect(quiet.isQuiet(nothing)).toBe(true);
    clock.steady += 1;
    expect(quiet.isQuiet(nothing)).toBe(false);
  });
});
