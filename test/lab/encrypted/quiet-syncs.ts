import type {
  CryptoBackend,
  SyncCryptoChanges,
} from 'matrix-js-sdk/lib/common-crypto/CryptoBackend.js';

/** The machine also ends what has expired (verifications) when it hears of a sync. */
const longestQuietMs = 10_000;

/**
 * Keeps from a client's crypto machine the syncs that bring it nothing: no key, no change of devices,
 * and the very counts that it has heard last. It answers each by copying its whole account, which
 * computes a public key for each of its fifty one-time keys anew: more than half of what a sync costs.
 */
export const skipQuietSyncs = (crypto: CryptoBackend): void => {
  const hear = crypto.processSyncChanges.bind(crypto);
  let heard: { readonly counts: string; readonly at: number } | undefined;
  crypto.processSyncChanges = async (changes) => {
    const now = performance.now();
    const counts = JSON.stringify([changes.oneTimeKeysCounts, changes.unusedFallbackKeys]);
    const isKnown = heard?.counts === counts && now - heard.at < longestQuietMs;
    if (isKnown && !hasNews(changes)) return [];
    const received = await hear(changes);
    heard = { counts, at: now };
    return received;
  };
};

const hasNews = ({ toDeviceEvents, deviceLists }: SyncCryptoChanges): boolean =>
  toDeviceEvents.length > 0 ||
  (deviceLists?.changed?.length ?? 0) > 0 ||
  (deviceLists?.left?.length ?? 0) > 0;
