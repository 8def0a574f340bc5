import { AsyncLocalStorage } from 'node:async_hooks';
import { LogService } from 'matrix-bot-sdk/lib/logging/LogService.js';
import { setRequestFn } from 'matrix-bot-sdk/lib/request.js';
import { z } from 'zod';
import { MatrixFailure } from './failure.ts';
import { readAnswer, type RawAnswer } from './read-answer.ts';

/** What the SDK's request function has no place for. */
export interface Exchange {
  /** Ends the request. */
  readonly signal: AbortSignal | null;
  /** A longer answer is cut off and counts as malformed. Bytes. */
  readonly maxBytes: number;
}

const exchanges = new AsyncLocalStorage<Exchange>();
const ordinary: Exchange = { signal: null, maxBytes: 8 * 1024 * 1024 };

/** Runs a call of the SDK with these limits. */
export function withExchange<Result>(
  exchange: Partial<Exchange>,
  call: () => Promise<Result>,
): Promise<Result> {
  return exchanges.run({ ...ordinary, ...exchange }, call);
}

/** What the SDK hands to its request function (`doHttpRequest` in its http.js). */
const requestSchema = z.object({
  uri: z.string(),
  method: z.string(),
  qs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish(),
  headers: z.record(z.string(), z.string()),
  body: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  timeout: z.number(),
});
type SdkRequest = z.infer<typeof requestSchema>;

type Done = (
  error: unknown,
  response?: { readonly statusCode: number; readonly body: unknown },
  body?: unknown,
) => void;

function urlOf({ uri, qs }: SdkRequest): URL {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(qs ?? {})) {
    if (value !== null) url.searchParams.set(name, String(value));
  }
  return url;
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const part of response.body) {
    const chunk: unknown = part;
    if (!(chunk instanceof Uint8Array)) throw new TypeError('fetch gave something but bytes');
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new MatrixFailure({ kind: 'malformed', reason: `longer than ${maxBytes} bytes` });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * What stands in front of a home server may repeat a request in its error, and the words of an error
 * are passed on to people. Nobody who reads an answer needs our own token in it.
 */
function withoutCredential(text: string, { headers }: SdkRequest): string {
  const token = headers['Authorization']?.replace(/^Bearer /, '') ?? '';
  return token === '' ? text : text.replaceAll(token, '[secret]');
}

/** Why a request was ended. */
const late = Symbol('late');

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says "fetch failed" and keeps what happened in the cause.
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name;
}

async function perform(request: SdkRequest, exchange: Exchange): Promise<RawAnswer> {
  const { signal, maxBytes } = exchange;
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  if (signal?.aborted === true) throw new MatrixFailure({ kind: 'aborted' });
  signal?.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => {
    stop.abort(late);
  }, request.timeout);
  try {
    const response = await fetch(urlOf(request), {
      method: request.method,
      headers: request.headers,
      signal: stop.signal,
      // A redirect would carry our words to somebody who was not named in the config.
      redirect: 'manual',
      ...(request.body === undefined
        ? {}
        : { body: typeof request.body === 'string' ? request.body : new Uint8Array(request.body) }),
    });
    const text = withoutCredential(await readText(response, maxBytes), request);
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    const isEnded = stop.signal.aborted;
    const why: unknown = stop.signal.reason;
    // Ends the connection of an answer that was not read to its end; nothing to end otherwise.
    stop.abort();
    if (error instanceof MatrixFailure) throw error;
    if (why === late) {
      const reason = `no answer within ${request.timeout} ms`;
      throw new MatrixFailure({ kind: 'unreachable', reason }, error);
    }
    if (isEnded) throw new MatrixFailure({ kind: 'aborted' }, error);
    throw new MatrixFailure({ kind: 'unreachable', reason: reasonOf(error) }, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

async function answer(params: unknown): Promise<{ statusCode: number; body: unknown }> {
  const request = requestSchema.parse(params);
  const raw = await perform(request, exchanges.getStore() ?? ordinary);
  return { statusCode: raw.status, body: readAnswer(raw) };
}

/**
 * Puts Node's own fetch (undici, connections kept alive) in the place of the SDK's `request`, which
 * nobody maintains any more. Bodies are parsed here, safely, before the SDK would; every answer but
 * a good one is thrown as `MatrixFailure`. For the whole process; calling it again changes nothing.
 */
export function installTransport(): void {
  // It would write whole bodies to the console; failures are ours to log.
  LogService.muteModule('MatrixHttpClient');
  setRequestFn((params: unknown, done: Done) => {
    answer(params).then(
      (response) => {
        done(null, response, response.body);
      },
      (error: unknown) => {
        done(error);
      },
    );
  });
}
