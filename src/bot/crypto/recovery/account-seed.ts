import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Secret } from '../../../core/secret.ts';

/** What stands before the 32 bytes of an ed25519 seed in PKCS #8 (RFC 8410 §7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const seedBytes = 32;

/**
 * The public ed25519 key (unpadded base64) of a seed (base64), as the private cross-signing keys are
 * kept; null: it is no seed.
 */
export function publicKeyOfSeed(seed: Secret<string>): string | null {
  const bytes = Buffer.from(seed.reveal(), 'base64');
  if (bytes.length !== seedBytes) return null;
  const key = Buffer.concat([pkcs8Head, bytes]);
  const publicKey = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return spki.subarray(-32).toString('base64').replace(/=+$/, '');
}
