import { z } from 'zod';

/** What Synapse answers where it refuses (Matrix spec, client-server API, standard error response). */
const errorBody = z.object({
  errcode: z.string().catch(''),
  error: z.string().catch(''),
});

/** The longest text of the home server that is passed on to a person, in characters. */
const longestReason = 200;

/** A refusal that the caller may know what to make of. */
export interface Refusal {
  readonly ok: false;
  readonly status: number;
  /** Matrix error code such as `M_NOT_FOUND`; empty where the answer has none. */
  readonly errcode: string;
  /** The home server's own words, without secrets, cut to a length fit for a message. */
  readonly reason: string;
}

/** An answer of the expected shape. */
export interface Success<Value> {
  readonly ok: true;
  readonly status: number;
  readonly value: Value;
}

/** What came back from the admin API. */
export type Answer<Value> = Success<Value> | Refusal;

/** The parsed text, or undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Reads a 4xx answer. Synapse repeats what it was given ("Token already exists: …"), so every
 * secret of the request is taken out of its words.
 */
export function readRefusal(status: number, text: string, secrets: readonly string[]): Refusal {
  const parsed = errorBody.safeParse(parseJson(text));
  const { errcode, error } = parsed.success ? parsed.data : { errcode: '', error: '' };
  const forms = secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((secret) => secret !== '');
  const masked = (words: string): string =>
    forms.reduce((text, secret) => text.replaceAll(secret, '[secret]'), words);
  const reason = masked(error).slice(0, longestReason);
  return { ok: false, status, errcode: masked(errcode).slice(0, longestReason), reason };
}

/**
 * Whether Synapse says that the thing asked for does not exist. `M_UNRECOGNIZED` (it has no such
 * endpoint) and a 404 page of something in front of Synapse do not say that.
 */
export function isMissing(refusal: Refusal): boolean {
  // Writes to a missing row come back as M_UNKNOWN (Synapse, StoreError), reads as M_NOT_FOUND.
  return refusal.status === 404 && ['M_NOT_FOUND', 'M_UNKNOWN'].includes(refusal.errcode);
}
