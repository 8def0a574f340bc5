import { expect, test } from 'vitest';
import { parseUntrustedJson } from '../../../../src/bot/client/untrusted-json.ts';
import { jsonObjectSchema } from '../../../../src/core/json.ts';

const nested = (depth: number, open: string, close: string): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

test.each([
  ['{"a":', '}'],
  ['[', ']'],
])(
  '[#30] what is nested by the hundred thousand with %s is cut, and can be walked through',
  (open, close) => {
    const parsed = parseUntrustedJson(`{"body":"!help","deep":${nested(200_000, open, close)}}`);
    expect(jsonObjectSchema.parse(parsed)).toMatchObject({ body: '!help' });
    expect(JSON.stringify(parsed)).toContain('null');
  },
);

test('[#30] what is nested as answers are is kept whole', () => {
  const text = `{"deep":${nested(63, '{"a":', '}')}}`;
  expect(JSON.stringify(parseUntrustedJson(text))).toBe(text);
});
