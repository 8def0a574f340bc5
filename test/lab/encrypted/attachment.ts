import { webcrypto } from 'node:crypto';
import { z } from 'zod';
import type { LabEvent } from '../event.ts';
import { LabError } from '../failure.ts';

/** What a message says of its encrypted file: where it lies and how it is opened. */
const encryptedFile = z.looseObject({
  url: z.string(),
  v: z.literal('v2'),
  iv: z.string(),
  key: z.looseObject({ kty: z.literal('oct'), alg: z.literal('A256CTR'), k: z.string() }),
  hashes: z.looseObject({ sha256: z.string() }),
});

/** What a message says of its encrypted file. Source: Matrix client-server API, `EncryptedFile`. */
export type EncryptedFile = z.infer<typeof encryptedFile>;

const { subtle } = webcrypto;

/** The lower 64 bits count the blocks, the upper ones are random. */
const counterBits = 64;

/** Matrix writes base64 without padding here; Node reads both. */
const unpadded = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replace(/=+$/, '');

const sha256 = async (data: Uint8Array<ArrayBuffer>): Promise<string> =>
  unpadded(new Uint8Array(await subtle.digest('SHA-256', data)));

/** The encrypted file that a message (a decrypted event) holds, if it holds one. */
export const encryptedFileOf = (event: LabEvent): EncryptedFile | undefined => {
  const parsed = encryptedFile.safeParse(event.content['file']);
  return parsed.success ? parsed.data : undefined;
};

/** Encrypts a file under a fresh key. `describe` makes the message's `file` once it is uploaded. */
export const sealFile = async (
  data: Uint8Array,
): Promise<{ bytes: Uint8Array; describe: (url: string) => EncryptedFile }> => {
  const secret = webcrypto.getRandomValues(new Uint8Array(32));
  const iv = new Uint8Array(16);
  webcrypto.getRandomValues(iv.subarray(0, 8));
  const key = await subtle.importKey('raw', secret, 'AES-CTR', false, ['encrypt']);
  const algorithm = { name: 'AES-CTR', counter: iv, length: counterBits };
  const bytes = new Uint8Array(await subtle.encrypt(algorithm, key, new Uint8Array(data)));
  const hash = await sha256(bytes);
  return {
    bytes,
    describe: (url) => ({
      ...{ url, v: 'v2', iv: unpadded(iv), hashes: { sha256: hash } },
      key: {
        kty: 'oct',
        alg: 'A256CTR',
        k: Buffer.from(secret).toString('base64url'),
        key_ops: ['encrypt', 'decrypt'],
        ext: true,
      },
    }),
  };
};

/** Opens a downloaded file. @throws LabError when it is not the file that the message names. */
export const openFile = async (bytes: Uint8Array, file: EncryptedFile): Promise<Uint8Array> => {
  const sealed = new Uint8Array(bytes);
  const hash = await sha256(sealed);
  if (hash !== file.hashes.sha256.replace(/=+$/, '')) {
    throw new LabError(`${file.url} has another hash than its message says`);
  }
  const secret = new Uint8Array(Buffer.from(file.key.k, 'base64url'));
  const key = await subtle.importKey('raw', secret, 'AES-CTR', false, ['decrypt']);
  const counter = new Uint8Array(Buffer.from(file.iv, 'base64'));
  const algorithm = { name: 'AES-CTR', counter, length: counterBits };
  return new Uint8Array(await subtle.decrypt(algorithm, key, sealed));
};
