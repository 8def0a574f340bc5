import { z } from 'zod';
import type { UserId } from '../../core/ids.ts';
import type { CryptoApi } from '../client/crypto-api.ts';

const algorithm = 'signed_curve25519';
/** A device has 50 at a time; the bound is for a home server that never ends. */
const most = 200;

const claimed = z.object({
  one_time_keys: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.record(z.string(), z.looseObject({ fallback: z.boolean().optional() })),
      ),
    )
    .default({}),
});

/** Whose keys are taken back. */
export interface KeyOwner {
  readonly self: UserId;
  readonly deviceId: string;
}

/**
 * Claims our own one-time keys until the home server has none left, so that it gives none of them to
 * others. Nobody can delete them, and one that it remembers from a backup may be used up: whoever
 * gets it writes to us what we can't open (spec, "One-time and fallback keys"). Returns how many it
 * had. Throws `MatrixFailure`.
 */
export async function takeBackOneTimeKeys(
  api: Pick<CryptoApi, 'perform'>,
  { self, deviceId }: KeyOwner,
): Promise<number> {
  const body = JSON.stringify({ one_time_keys: { [self]: { [deviceId]: algorithm } } });
  for (let taken = 0; taken < most; taken += 1) {
    const answer = claimed.parse(JSON.parse(await api.perform({ kind: 'keys-claim', body })));
    const [key] = Object.values(answer.one_time_keys[self]?.[deviceId] ?? {});
    if (key === undefined || key.fallback === true) return taken;
  }
  return most;
}
