import { z } from 'zod';
import { megolmMessageOf } from '../../../src/bot/crypto/sealed-content.ts';
import type { RequestRecord } from '../../lab/proxy/request-log.ts';

const sealed = z.object({ ciphertext: z.string() });

/** What the Megolm messages of one device say about how it used its ratchets. */
export interface Ratchets {
  /** Different messages. */
  readonly messages: number;
  readonly sessions: number;
  /** Places (session and index) that were used for two different ciphertexts: a broken ratchet. */
  readonly reused: readonly string[];
}

/** Looks at the contents of `m.room.encrypted` events, each as often as it was sent or seen. */
export function ratchetsOf(contents: readonly unknown[]): Ratchets {
  const places = new Map<string, string>();
  const sessions = new Set<string>();
  const reused = new Set<string>();
  for (const content of contents) {
    const message = megolmMessageOf(content);
    if (message === null) throw new Error(`no Megolm message: ${JSON.stringify(content)}`);
    const { ciphertext } = sealed.parse(content);
    const place = `${message.session} ${message.index}`;
    sessions.add(message.session);
    if ((places.get(place) ?? ciphertext) !== ciphertext) reused.add(place);
    places.set(place, ciphertext);
  }
  return { messages: places.size, sessions: sessions.size, reused: [...reused] };
}

/** The contents that were to be sent as `m.room.encrypted`, also where the home server never got them. */
export function sentContents(requests: readonly RequestRecord[]): unknown[] {
  return requests.flatMap(({ method, path, body }) => {
    if (method !== 'PUT' || !path.includes('/send/m.room.encrypted/')) return [];
    try {
      const content: unknown = JSON.parse(body);
      return [content];
    } catch (error) {
      // A kill cuts a request; what is whole is looked at.
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  });
}

/** Uploads of keys that the home server refused, e.g. "One time key … already exists". */
export function refusedUploads(requests: readonly RequestRecord[]): string[] {
  return requests
    .filter(({ path, status }) => /\/keys\//.test(path) && Number(status) >= 400)
    .map(({ path, status, body }) => `${path} ${status} ${body.slice(0, 200)}`);
}

/** Contents that went out in clear as a message, a file or a reaction with words. */
export function clearMessages(requests: readonly RequestRecord[]): string[] {
  return requests
    .filter(({ method, path }) => method === 'PUT' && path.includes('/send/m.room.message/'))
    .map(({ body }) => body);
}
