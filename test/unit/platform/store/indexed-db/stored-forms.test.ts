import * as fc from 'fast-check';
import { IDBFactory, type ValidKey } from 'fake-indexeddb';
import { expect, it } from 'vitest';
import { keyOfText, keyText } from '../../../../../src/platform/store/indexed-db/key-text.ts';
import {
  bytesOfValue,
  valueOfBytes,
} from '../../../../../src/platform/store/indexed-db/stored-value.ts';
import { anyCharacter } from '../../../any-character.ts';
import { propertyRuns } from '../../../property-runs.ts';

const { key } = fc.letrec<{ key: ValidKey }>((tie) => ({
  key: fc.oneof(
    { maxDepth: 2 },
    fc.double({ noNaN: true }),
    fc.integer({ min: -2, max: 2 }),
    fc.string({ unit: anyCharacter, maxLength: 3 }),
    fc.date({ noInvalidDate: true }),
    // fake-indexeddb takes one without bytes for detached.
    fc.uint8Array({ minLength: 1, maxLength: 3 }),
    fc.array(tie('key'), { maxLength: 3 }),
  ),
}));
const factory = new IDBFactory();

it('has one text for equal keys and two for different ones', () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      expect(keyText(one) === keyText(other)).toBe(factory.cmp(one, other) === 0);
      expect(factory.cmp(keyOfText(keyText(one)), one)).toBe(0);
    }),
    { numRuns: propertyRuns(2000) },
  );
});

it.each<[ValidKey, ValidKey]>([
  [0, -0],
  [1, Math.sqrt(1)],
  ['ab', 'ab\u{1f600}'.slice(0, 2)],
  [new Uint8Array([1, 2]), new Uint8Array([0, 1, 2, 3]).subarray(1, 3)],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2]).buffer],
])('has one text for %j and %j', (one, other) => {
  expect(keyText(one)).toBe(keyText(other));
});

it('has no text for NaN', () => {
  expect(() => keyText([NaN])).toThrow(TypeError);
});

it('gives a view back on as many bytes as it was made on', () => {
  const view = new Uint8Array(new ArrayBuffer(8), 2, 3);
  const again = valueOfBytes(bytesOfValue({ view, rest: 'x'.repeat(100) }));
  expect(again).toMatchObject({ view: { byteOffset: 2, length: 3, buffer: { byteLength: 8 } } });
});
