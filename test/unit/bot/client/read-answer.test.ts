import { expect, test } from 'vitest';
import { MatrixFailure } from '../../../../src/bot/client/failure.ts';
import { readAnswer, retryAfterOf } from '../../../../src/bot/client/read-answer.ts';

function failureFor(status: number, body: unknown, headers: Record<string, string> = {}): unknown {
  try {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return readAnswer({ status, headers: new Headers(headers), text });
  } catch (error) {
    return error instanceof MatrixFailure ? error.failure : error;
  }
}

test('a good answer is its object', () => {
  expect(failureFor(200, { event_id: '$a' })).toEqual({ event_id: '$a' });
});

test.each([
  ['[#27] unknown token', 401, { errcode: 'M_UNKNOWN_TOKEN' }, { kind: 'revoked' }],
  ['[#27] locked', 401, { errcode: 'M_USER_LOCKED' }, { kind: 'revoked' }],
  ['[#27] deactivated', 403, { errcode: 'M_USER_DEACTIVATED' }, { kind: 'revoked' }],
  ['a proxy that wants a password', 401, '<html>', { kind: 'not-matrix' }],
  ['forbidden', 403, { errcode: 'M_FORBIDDEN', error: 'no' }, { kind: 'refused', reason: 'no' }],
  ['too large', 413, { errcode: 'M_TOO_LARGE' }, { kind: 'refused', status: 413 }],
  ['a home server that fails', 500, { errcode: 'M_UNKNOWN' }, { kind: 'unavailable' }],
  ['a proxy whose home server is down', 502, '<html>', { kind: 'unavailable', status: 502 }],
  ['a web page', 200, '<html>', { kind: 'not-matrix' }],
  ['a list', 200, [], { kind: 'not-matrix' }],
  ['nothing', 200, '', { kind: 'not-matrix' }],
  ['half of an answer', 200, '{"a":', { kind: 'not-matrix' }],
  ['a redirect', 302, '', { kind: 'not-matrix' }],
  ['an error that says 200', 200, { errcode: 'M_UNKNOWN' }, { kind: 'malformed' }],
] as const)('%s', (_name, status, body, expected) => {
  expect(failureFor(status, body)).toMatchObject(expected);
});

test.each([
  [{ errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1234 }, {}, 1234],
  [{ errcode: 'M_LIMIT_EXCEEDED' }, { 'retry-after': '7' }, 7000],
  [{ errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1500 }, { 'retry-after': '2' }, 1500],
  [{ errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 'soon' }, {}, null],
  ['too many', { 'retry-after': '3' }, 3000],
  [{ errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 9e9 }, {}, 600_000],
] as const)('[#18] 429 %j %j: wait %s ms', (body, headers, retryAfterMs) => {
  expect(failureFor(429, body, headers)).toEqual({ kind: 'limited', retryAfterMs });
});

test("[#34] a Retry-After date is taken against the server's own clock", () => {
  const headers = new Headers({
    date: 'Sun, 06 Nov 1994 08:49:37 GMT',
    'retry-after': 'Sun, 06 Nov 1994 08:49:47 GMT',
  });
  expect(retryAfterOf(headers)).toBe(10_000);
  expect(retryAfterOf(new Headers({ 'retry-after': 'soon' }))).toBeNull();
});
