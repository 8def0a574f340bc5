import type { ValidKey } from 'fake-indexeddb';
import { z } from 'zod';

type Written =
  | string
  | number
  | { readonly infinite: 1 | -1 }
  | { readonly date: number }
  | { readonly bytes: string }
  | Written[];

const written: z.ZodType<Written> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.strictObject({ infinite: z.union([z.literal(1), z.literal(-1)]) }),
    z.strictObject({ date: z.number() }),
    z.strictObject({ bytes: z.base64() }),
    z.array(written),
  ]),
);

const write = (key: ValidKey): Written => {
  if (typeof key === 'string') return key;
  if (typeof key === 'number') {
    if (Number.isNaN(key)) throw new TypeError('not a key of IndexedDB: NaN');
    // As keys, 0 and -0 are one; JSON writes both as 0.
    return Number.isFinite(key) ? key : { infinite: key > 0 ? 1 : -1 };
  }
  if (key instanceof Date) return { date: key.getTime() };
  if (Array.isArray(key)) return key.map(write);
  const bytes = ArrayBuffer.isView(key)
    ? Buffer.from(key.buffer, key.byteOffset, key.byteLength)
    : Buffer.from(key);
  return { bytes: bytes.toString('base64') };
};

const read = (key: Written): ValidKey => {
  if (typeof key === 'string' || typeof key === 'number') return key;
  if (Array.isArray(key)) return key.map(read);
  if ('infinite' in key) return key.infinite * Infinity;
  if ('date' in key) return new Date(key.date);
  return new Uint8Array(Buffer.from(key.bytes, 'base64')).buffer;
};

/**
 * The one text of a key: equal keys (https://w3c.github.io/IndexedDB/#compare-two-keys) give equal
 * texts, different ones different texts. The bytes of V8 don't: they tell how a number or a string
 * happens to lie in memory. Throws a `TypeError` for what is no key.
 */
export const keyText = (key: ValidKey): string => JSON.stringify(write(key));

/** The key of a text. Throws a `SyntaxError` or `ZodError` for what is none. */
export const keyOfText = (text: string): ValidKey => read(written.parse(JSON.parse(text)));
