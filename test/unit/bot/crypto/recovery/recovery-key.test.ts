import fc from 'fast-check';
import { decodeRecoveryKey, encodeRecoveryKey } from 'matrix-js-sdk/lib/crypto-api/recovery-key.js';
import { describe, expect, it } from 'vitest';
import { decodeBase58, encodeBase58 } from '../../../../../src/bot/crypto/recovery/base58.ts';
import {
  idOfRecoveryKey,
  makeRecoveryKey,
  readRecoveryKey,
  writeRecoveryKey,
} from '../../../../../src/bot/crypto/recovery/recovery-key.ts';
import { Secret } from '../../../../../src/core/secret.ts';

describe('base58', () => {
  it.each([
    // draft-msporny-base58, "Test Vectors"
    ['48656c6c6f20576f726c6421', '2NEpo7TZRRrLZSi2U'],
    ['0000287fb4cd', '11233QC4'],
    ['', ''],
    ['0000', '11'],
  ])('%s is %s', (hex, text) => {
    expect(encodeBase58(Buffer.from(hex, 'hex'))).toBe(text);
    expect(Buffer.from(decodeBase58(text) ?? []).toString('hex')).toBe(hex);
  });

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect([...(decodeBase58(encodeBase58(bytes)) ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  it.each(['0', 'O', 'I', 'l', 'a b', 'é'])('has no %j', (text) => {
    expect(decodeBase58(text)).toBeNull();
  });
});

describe('[#32] a recovery key', () => {
  // The key pair of RFC 7748 §6.1, as the test of the Matrix SDK writes it down.
  const bytes = Buffer.from(
    '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
    'hex',
  );
  const written = 'EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d';

  it('is written as other clients write it', () => {
    expect(writeRecoveryKey(new Secret(bytes)).reveal()).toBe(written);
    const made = makeRecoveryKey();
    expect(writeRecoveryKey(made).reveal()).toBe(encodeRecoveryKey(made.reveal()));
    expect([...decodeRecoveryKey(writeRecoveryKey(made).reveal())]).toEqual([...made.reveal()]);
  });

  it.each([written, written.replaceAll(' ', ''), ` ${written.replaceAll(' ', '\n')}\n`])(
    'is read however it is spaced: %j',
    (typed) => {
      expect([...readRecoveryKey(new Secret(typed)).reveal()]).toEqual([...bytes]);
    },
  );

  it.each([
    '',
    'correct horse battery staple',
    written.slice(0, -1),
    `${written}d`,
    written.replace('EsTc', 'EsTd'),
    written.toLowerCase(),
    // Well formed but for the prefix.
    encodeBase58(Buffer.alloc(35)),
  ])('is refused: %j', (typed) => {
    expect(() => readRecoveryKey(new Secret(typed))).toThrow('E_RECOVERY_KEY_INVALID');
  });

  it('has an id that is its own and that anybody may see', () => {
    const [one, other] = [makeRecoveryKey(), makeRecoveryKey()];
    expect(idOfRecoveryKey(one)).toBe(idOfRecoveryKey(new Secret(one.reveal())));
    expect(idOfRecoveryKey(one)).not.toBe(idOfRecoveryKey(other));
    expect(idOfRecoveryKey(one)).toMatch(/^[0-9a-f]{32}$/);
  });
});
