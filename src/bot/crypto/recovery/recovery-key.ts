import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../../core/errors.ts';
import { Secret } from '../../../core/secret.ts';
import { decodeBase58, encodeBase58 } from './base58.ts';

/** The 32 bytes behind a recovery key: what the secrets of the account are encrypted with. */
export type RecoveryKey = Secret<Uint8Array>;

const keyBytes = 32;
/** Tells a recovery key from other base58 (spec, appendices, "Cryptographic key representation"). */
const prefix = Uint8Array.of(0x8b, 0x01);

/** A new one, at random. */
export function makeRecoveryKey(): RecoveryKey {
  return new Secret(randomBytes(keyBytes));
}

function parityOf(bytes: Uint8Array): number {
  return bytes.reduce((parity, byte) => parity ^ byte, 0);
}

/** As a person writes it down: base58 in groups of four. */
export function writeRecoveryKey(key: RecoveryKey): Secret<string> {
  const body = Buffer.concat([prefix, key.reveal()]);
  const text = encodeBase58(Buffer.concat([body, Uint8Array.of(parityOf(body))]));
  return new Secret(text.replace(/.{4}(?=.)/g, '$& '));
}

/** Reads what a person typed; white space is of no matter. Throws `E_RECOVERY_KEY_INVALID`. */
export function readRecoveryKey(typed: Secret<string>): RecoveryKey {
  const bytes = decodeBase58(typed.reveal().replaceAll(/\s/g, ''));
  const isOne =
    bytes?.length === prefix.length + keyBytes + 1 &&
    prefix.every((byte, position) => bytes[position] === byte) &&
    parityOf(bytes) === 0;
  if (!isOne) throw new AppError('E_RECOVERY_KEY_INVALID');
  return new Secret(bytes.subarray(prefix.length, -1));
}

/**
 * The id of the key in the account data. Made from the key, so that a setup that was interrupted
 * goes on with the same one; a hash of 256 random bits tells nothing about them.
 */
export function idOfRecoveryKey(key: RecoveryKey): string {
  return createHash('sha256')
    .update('urtc recovery key ')
    .update(key.reveal())
    .digest('hex')
    .slice(0, 32);
}
