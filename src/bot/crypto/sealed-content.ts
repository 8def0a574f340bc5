import { z } from 'zod';

/** The two fields of `m.room.encrypted` that tell one Megolm message from all others. */
const megolmContent = z.object({
  algorithm: z.literal('m.megolm.v1.aes-sha2'),
  session_id: z.string().min(1).max(255),
  ciphertext: z.string().min(1),
});

/** One message of one Megolm session. */
export interface MegolmMessage {
  readonly session: string;
  /** Position in the ratchet; a session uses each once. */
  readonly index: number;
}

const messageVersion = 3;
const indexTag = 0x08;

/**
 * Reads which message of which session an `m.room.encrypted` content claims to be: version byte,
 * then protobuf fields, first the index as a varint (Megolm specification, "Message format").
 * Null: it is no Megolm message.
 */
export function megolmMessageOf(content: unknown): MegolmMessage | null {
  const parsed = megolmContent.safeParse(content);
  if (!parsed.success) return null;
  const { session_id: session, ciphertext } = parsed.data;
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes[0] !== messageVersion || bytes[1] !== indexTag) return null;
  let index = 0;
  for (let i = 0; i < 5; i += 1) {
    const byte = bytes[2 + i];
    if (byte === undefined) return null;
    index += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { session, index };
  }
  return null;
}
