import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { z } from 'zod';
import { Secret } from '../../../core/secret.ts';
import type { RecoveryKey } from './recovery-key.ts';

/** The one algorithm of secret storage. */
export const secretStorageAlgorithm = 'm.secret_storage.v1.aes-hmac-sha2';

/** Checks a secret as the account data hold it; all base64. */
export const sealedAccountSecretSchema = z.object({
  iv: z.string(),
  ciphertext: z.string(),
  mac: z.string(),
});
/** A secret as the account data hold it. */
export type SealedAccountSecret = z.infer<typeof sealedAccountSecretSchema>;

/** What a key description keeps so that a key can be recognised. */
export type KeyCheck = Pick<SealedAccountSecret, 'iv' | 'mac'>;

const unpadded = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replace(/=+$/, '');

function keysFor(key: RecoveryKey, name: string) {
  const both = Buffer.from(hkdfSync('sha256', key.reveal(), Buffer.alloc(32), name, 64));
  return { aes: both.subarray(0, 32), mac: both.subarray(32) };
}

function seal(key: RecoveryKey, name: string, clear: Uint8Array, iv: Uint8Array) {
  const keys = keysFor(key, name);
  const encryption = createCipheriv('aes-256-ctr', keys.aes, iv);
  const ciphertext = Buffer.concat([encryption.update(clear), encryption.final()]);
  const mac = createHmac('sha256', keys.mac).update(ciphertext).digest();
  return { iv: unpadded(iv), ciphertext: unpadded(ciphertext), mac: unpadded(mac) };
}

/** 16 random bytes; bit 63 is 0, for implementations whose counter has 64 bits only. */
function newIv(): Uint8Array {
  const iv = randomBytes(16);
  iv.writeUInt8(iv.readUInt8(8) & 0x7f, 8);
  return iv;
}

/**
 * Encrypts a secret for the account data (spec, "m.secret_storage.v1.aes-hmac-sha2"). `name` is the
 * type of the account data; the secret opens only under it.
 */
export function sealAccountSecret(
  key: RecoveryKey,
  name: string,
  secret: Secret<string>,
): SealedAccountSecret {
  return seal(key, name, Buffer.from(secret.reveal(), 'utf8'), newIv());
}

/** Null: sealed with another key, for another name, or damaged. */
export function openAccountSecret(
  key: RecoveryKey,
  name: string,
  sealed: SealedAccountSecret,
): Secret<string> | null {
  const keys = keysFor(key, name);
  const ciphertext = Buffer.from(sealed.ciphertext, 'base64');
  const iv = Buffer.from(sealed.iv, 'base64');
  if (iv.length !== 16) return null;
  if (!sameMac(createHmac('sha256', keys.mac).update(ciphertext).digest(), sealed.mac)) return null;
  const decryption = createDecipheriv('aes-256-ctr', keys.aes, iv);
  const clear = Buffer.concat([decryption.update(ciphertext), decryption.final()]);
  return new Secret(clear.toString('utf8'));
}

/** Makes the check of a key description: 32 zero bytes under no name. */
export function checkOfKey(key: RecoveryKey): KeyCheck {
  const { iv, mac } = seal(key, '', Buffer.alloc(32), newIv());
  return { iv, mac };
}

/** Whether the check was made with this key. */
export function isCheckOfKey(key: RecoveryKey, check: KeyCheck): boolean {
  const iv = Buffer.from(check.iv, 'base64');
  if (iv.length !== 16) return false;
  const { mac } = seal(key, '', Buffer.alloc(32), iv);
  return sameMac(Buffer.from(mac, 'base64'), check.mac);
}

function sameMac(mine: Buffer, theirs: string): boolean {
  const other = Buffer.from(theirs, 'base64');
  return mine.length === other.length && timingSafeEqual(mine, other);
}
