import { expect, test } from 'vitest';
import { parseUntrustedJson } from '../../../../src/bot/client/untrusted-json.ts';

test('[#30] keys by which a prototype can be reached are dropped wherever they stand', () => {
  const parsed = parseUntrustedJson(
    `{"a":[{"__proto__":{"x":1},"b":1}],"constructor":{"prototype":{"x":1}},
      "\\u005f_proto__":{"x":1},"c":{"prototype":1,"d":2}}`,
  );
  expect(parsed).toEqual({ a: [{ b: 1 }], c: { d: 2 } });
  expect(Object.assign({}, parsed)).not.toHaveProperty('x');
});

test('everything else stays as it is', () => {
  const text = '{"proto":1,"__proto":2,"list":[null,true,1.5,"a"]}';
  expect(JSON.stringify(parseUntrustedJson(text))).toBe(text);
});
