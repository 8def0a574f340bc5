import { z } from 'zod';

const crossSigningKey = z.object({ keys: z.record(z.string(), z.string()) });

/**
 * The one public key in a cross-signing key object (JSON text; spec, "Cross-signing"), as unpadded
 * base64. Throws where there is not exactly one: such an object is no identity.
 */
export function masterKeyOf(json: string): string {
  const { keys } = crossSigningKey.parse(JSON.parse(json));
  const [key, ...more] = Object.values(keys);
  if (key === undefined || more.length > 0) throw new Error('a cross-signing key has one key');
  return key;
}
