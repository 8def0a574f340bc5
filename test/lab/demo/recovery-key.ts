import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { encodeRecoveryKey } from 'matrix-js-sdk/lib/crypto-api/recovery-key.js';
import {
  SECRET_STORAGE_ALGORITHM_V1_AES,
  ServerSideSecretStorageImpl,
} from 'matrix-js-sdk/lib/secret-storage.js';
import type { EncryptedPerson } from '../encrypted/encrypted-person.ts';
import { LabError } from '../failure.ts';

const secretsBundle = z.object({
  cross_signing: z.object({
    master_key: z.string(),
    self_signing_key: z.string(),
    user_signing_key: z.string(),
  }),
});

/**
 * Puts a person's identity into the home server's secret storage and returns the key to it, as a
 * person writes it down: a client that is asked to verify itself takes it. Source: Matrix
 * specification, "Secrets" and "Cryptographic key representation".
 */
export const makeRecoveryKey = async ({
  sdk,
  crypto,
  userId,
}: EncryptedPerson): Promise<string> => {
  const key = new Uint8Array(randomBytes(32));
  const storage = new ServerSideSecretStorageImpl(sdk, {
    getSecretStorageKey: async ({ keys }) => {
      const [id] = Object.keys(keys);
      return Promise.resolve(id === undefined ? null : [id, key]);
    },
  });
  const { keyId } = await storage.addKey(SECRET_STORAGE_ALGORITHM_V1_AES, { key });
  const exported: unknown = await crypto.exportSecretsBundle?.();
  const { cross_signing: secrets } = secretsBundle.parse(exported);
  const encoded = encodeRecoveryKey(key);
  if (encoded === undefined) throw new LabError(`there is no recovery key for ${userId}`);
  await Promise.all([
    storage.store('m.cross_signing.master', secrets.master_key, [keyId]),
    storage.store('m.cross_signing.self_signing', secrets.self_signing_key, [keyId]),
    storage.store('m.cross_signing.user_signing', secrets.user_signing_key, [keyId]),
  ]);
  await storage.setDefaultKeyId(keyId);
  return encoded;
};
