import { z } from 'zod';
import { MatrixFailure, type Failure } from './failure.ts';
import { parseUntrustedJson } from './untrusted-json.ts';

/** What an answer is made of, once its body has been read. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const errorBody = z.object({
  errcode: z.string(),
  error: z.string().catch(''),
  retry_after_ms: z.number().nonnegative().nullable().catch(null),
});
const objectBody = z.record(z.string(), z.unknown());

/** Longer waits are no rate limit but a mistake; ms. */
const longestWait = 10 * 60_000;

/**
 * The wait that a `Retry-After` header asks for, in ms (RFC 9110 §10.2.3: seconds or a date, which
 * is taken against the server's own `Date`, since our clock may be wrong); null: none.
 */
export function retryAfterOf(headers: Headers): number | null {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const body = objectBody.safeParse(parseUntrustedJson(text));
    return body.success ? body.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function failureFor(answer: RawAnswer, body: unknown): Failure {
  const { status, headers } = answer;
  const error = errorBody.safeParse(body);
  const errcode = error.success ? error.data.errcode : '';
  if (status === 429) {
    // The body is exact, the header is rounded up to seconds and the one that is not deprecated.
    const wait = (error.success ? error.data.retry_after_ms : null) ?? retryAfterOf(headers);
    return { kind: 'limited', retryAfterMs: wait === null ? null : Math.min(wait, longestWait) };
  }
  const reason = (error.success ? error.data.error : answer.text).slice(0, 300);
  if (status >= 500) return { kind: 'unavailable', status, reason };
  if (!error.success) return { kind: 'not-matrix', status, reason };
  const isTokenGone = errcode === 'M_UNKNOWN_TOKEN' || errcode === 'M_USER_DEACTIVATED';
  if (status === 401 || isTokenGone) return { kind: 'revoked', errcode };
  return { kind: 'refused', status, errcode, reason };
}

/** The JSON object of a good answer. Throws `MatrixFailure` for every other one. */
export function readAnswer(answer: RawAnswer): Readonly<Record<string, unknown>> {
  const body = parsed(answer.text);
  if (answer.status < 200 || answer.status > 299) {
    throw new MatrixFailure(failureFor(answer, body));
  }
  if (body === null) {
    const reason = answer.text.slice(0, 300);
    throw new MatrixFailure({ kind: 'not-matrix', status: answer.status, reason });
  }
  // The SDK would take this for an error of its own kind.
  if ('errcode' in body) throw new MatrixFailure({ kind: 'malformed', reason: 'errcode in a 2xx' });
  return body;
}
