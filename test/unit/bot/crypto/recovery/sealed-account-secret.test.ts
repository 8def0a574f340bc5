import decryptItem from 'matrix-js-sdk/lib/utils/decryptAESSecretStorageItem.js';
import encryptItem from 'matrix-js-sdk/lib/utils/encryptAESSecretStorageItem.js';
import { calculateKeyCheck } from 'matrix-js-sdk/lib/secret-storage.js';
import { describe, expect, it } from 'vitest';
import { makeRecoveryKey } from '../../../../../src/bot/crypto/recovery/recovery-key.ts';
import {
  checkOfKey,
  isCheckOfKey,
  openAccountSecret,
  sealAccountSecret,
} from '../../../../../src/bot/crypto/recovery/sealed-account-secret.ts';
import { Secret } from '../../../../../src/core/secret.ts';

const name = 'm.cross_signing.master';
const secret = new Secret('a secret of the account, ключ');

describe('[#32] m.secret_storage.v1.aes-hmac-sha2', () => {
  it('is read by another client, and reads what that one wrote', async () => {
    const key = makeRecoveryKey();
    const mine = sealAccountSecret(key, name, secret);
    const bytes = new Uint8Array(key.reveal());
    expect(await decryptItem(mine, bytes, name)).toBe(secret.reveal());
    const theirs = await encryptItem(secret.reveal(), bytes, name);
    expect(openAccountSecret(key, name, theirs)?.reveal()).toBe(secret.reveal());
  });

  it('recognises its key by the check of another client, and the other way round', async () => {
    const key = makeRecoveryKey();
    const bytes = new Uint8Array(key.reveal());
    const { iv, mac } = await calculateKeyCheck(bytes);
    expect(isCheckOfKey(key, { iv, mac })).toBe(true);
    expect(isCheckOfKey(makeRecoveryKey(), { iv, mac })).toBe(false);
    const check = checkOfKey(key);
    const again = await calculateKeyCheck(bytes, check.iv);
    expect(again.mac.replace(/=+$/, '')).toBe(check.mac);
  });

  it('opens with its own key and under its own name only', () => {
    const key = makeRecoveryKey();
    const sealed = sealAccountSecret(key, name, secret);
    expect(openAccountSecret(key, name, sealed)?.reveal()).toBe(secret.reveal());
    expect(openAccountSecret(makeRecoveryKey(), name, sealed)).toBeNull();
    expect(openAccountSecret(key, 'm.cross_signing.self_signing', sealed)).toBeNull();
    const flipped = Buffer.from(sealed.ciphertext, 'base64').map((byte, at) =>
      at === 3 ? byte ^ 1 : byte,
    );
    const damaged = { ...sealed, ciphertext: Buffer.from(flipped).toString('base64') };
    expect(openAccountSecret(key, name, damaged)).toBeNull();
    for (const broken of [{ iv: '' }, { mac: '' }, { iv: 'AAAA' }]) {
      expect(openAccountSecret(key, name, { ...sealed, ...broken })).toBeNull();
    }
  });

  it('never uses an iv twice, and leaves bit 63 of it 0', () => {
    const key = makeRecoveryKey();
    const ivs = Array.from({ length: 64 }, () => sealAccountSecret(key, name, secret).iv);
    expect(new Set(ivs).size).toBe(ivs.length);
    expect(ivs.every((iv) => (Buffer.from(iv, 'base64')[8] ?? 255) < 0x80)).toBe(true);
  });
});
