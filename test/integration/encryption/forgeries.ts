import fc from 'fast-check';

/** What forged events are made of: real values that the bot knows, in the wrong place. */
export interface Loot {
  /** Content of a command that the bot has read. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Content that was encrypted for another room. */
  readonly foreign: Readonly<Record<string, unknown>>;
}

const bytes = (head: readonly number[], tail: fc.Arbitrary<Uint8Array>): fc.Arbitrary<string> =>
  tail.map((rest) =>
    Buffer.concat([Buffer.from(head), rest])
      .toString('base64')
      .replace(/=+$/, ''),
  );

const tail = fc.uint8Array({ maxLength: 200 });
/** Version, index and body of a Megolm message, each of them right or wrong. */
const ciphertext = fc.oneof(
  bytes([3, 0x08, 0x00], tail),
  bytes([3, 0x08, 0xff, 0xff, 0xff, 0xff, 0x0f], tail),
  bytes([3, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], tail),
  bytes([3, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80], fc.constant(new Uint8Array(0))),
  bytes([3, 0x08, 0x01, 0x12, 0xff, 0xff, 0xff, 0xff, 0x0f], tail),
  bytes([0], tail),
  bytes([4, 0x08, 0x01], tail),
  bytes([3, 0x12, 0x01], tail),
  bytes([], tail),
  fc.constantFrom('', '=', '!not base64!', 'ä', '\0', 'A', 'AwgA', ' AwgA EgA '),
  fc.constant('AwgAEg'.padEnd(40_000, 'A')),
);
/** No fractions: the home server has none either. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, 7, -1, '', 'text', [], ['text'], {}, { body: 1 }),
  fc.constant('x'.repeat(20_000)),
  fc.string({ maxLength: 60 }),
);
const algorithm = fc.constantFrom(
  ...['m.megolm.v1.aes-sha2', 'm.olm.v1.curve25519-aes-sha2', 'm.megolm.v2.aes-sha2', ''],
  'org.example.none',
);

/** Contents of `m.room.encrypted` that no honest device has made. */
export function forgeries({ content, foreign }: Loot): fc.Arbitrary<Record<string, unknown>> {
  const keys = Object.keys(content);
  const key = fc.constantFrom('algorithm', ...keys);
  return fc.oneof(
    // One or more right fields replaced by anything, or missing.
    fc
      .dictionary(key, anything, { minKeys: 1, maxKeys: 3 })
      .map((wrong): Record<string, unknown> => ({ ...content, ...wrong })),
    key.map((gone) =>
      Object.fromEntries(Object.entries(content).filter(([name]) => name !== gone)),
    ),
    ciphertext.map((text) => ({ ...content, ciphertext: text })),
    fc
      .tuple(ciphertext, fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([text, session]) => ({
        ...content,
        ciphertext: text,
        session_id: Buffer.from(session).toString('base64').replace(/=+$/, ''),
      })),
    fc.tuple(algorithm, fc.oneof(ciphertext, anything)).map(([name, text]) => ({
      ...content,
      algorithm: name,
      ciphertext: text,
    })),
    fc.constant({ ...foreign }),
    fc.constant({ ...foreign, session_id: content['session_id'] }),
    fc.constant({ ...content, sender_key: foreign['sender_key'], device_id: 'NOBODY' }),
    fc.dictionary(fc.string({ maxLength: 20 }), anything, { maxKeys: 4 }),
  );
}

/** Frames around it as only a home server can make them. */
export const strangeFrames = fc.dictionary(
  fc.constantFrom('origin_server_ts', 'state_key', 'unsigned', 'room_id', 'redacts', 'content'),
  fc.oneof(anything, fc.constantFrom<unknown>(-1.5, 1e308, 2 ** 63, -(2 ** 63))),
  { minKeys: 1, maxKeys: 3 },
);

/** To-device events of any kind, also such as only a home server can make. */
export const toDeviceJunk = fc.oneof(
  anything,
  fc.record(
    {
      type: fc.oneof(
        fc.constantFrom('m.room.encrypted', 'm.room_key', 'm.forwarded_room_key', 'm.secret.send'),
        fc.constantFrom(
          'm.room_key_request',
          'm.key.verification.request',
          'm.dummy',
          'm.room_key.withheld',
        ),
        anything,
      ),
      sender: fc.oneof(fc.constant('@nobody:lab.test'), anything),
      content: fc.oneof(
        anything,
        fc.record(
          { algorithm, sender_key: anything, ciphertext: fc.oneof(ciphertext, anything) },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  ),
);
