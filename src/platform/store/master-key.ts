import { createHmac, hkdfSync } from 'node:crypto';
import { Secret } from '../../core/secret.ts';

/** Length of the key in bytes. */
export const masterKeyBytes = 32;

/**
 * What a key is derived for. Each gets one of its own, so that what leaks or is broken in one place
 * tells nothing in another. A name is never given a second meaning: old data hang on it.
 */
export type KeyPurpose =
  | 'audit'
  | 'crypto-store'
  | 'indexed-db-address'
  | 'indexed-db-row'
  | 'recovery-key'
  | 'sealed-address'
  | 'sealed-secret'
  | 'token-handle';

/** A key for one purpose. */
export type PurposeKey = Secret<Buffer>;

/**
 * The one secret (`key` in the config) that all keys of the store come from, by HKDF-SHA-256
 * (RFC 5869).
 */
export class MasterKey {
  readonly #bytes: Secret<Uint8Array>;

  /** Throws a `RangeError` unless there are 32 bytes; the config has checked that before. */
  constructor(bytes: Secret<Uint8Array>) {
    if (bytes.reveal().length !== masterKeyBytes) {
      throw new RangeError(`a master key has ${masterKeyBytes} bytes`);
    }
    this.#bytes = bytes;
  }

  /**
   * The 32-byte key for a purpose. `context` (e.g. a one-time code) goes in as the salt and makes a
   * key that only who knows it can derive.
   */
  derive(purpose: KeyPurpose, context = ''): PurposeKey {
    const info = `urtc ${purpose} 1`;
    return new Secret(Buffer.from(hkdfSync('sha256', this.#bytes.reveal(), context, info, 32)));
  }
}

/** HMAC-SHA-256 over the parts, one after the other. */
export function authenticate(key: PurposeKey, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', key.reveal());
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
