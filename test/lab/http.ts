import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** A request to a home server's HTTP interface. */
export interface HttpRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** From the slash on, query included; parts are encoded by the caller ({@link route}). */
  readonly path: string;
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly bytes?: { readonly data: Uint8Array; readonly type: string };
  readonly signal?: AbortSignal;
}

/** An answer that is not 2xx. */
export class HttpFailure extends Error {
  override name = 'HttpFailure';
  readonly status: number;
  /** Matrix error code such as `M_FORBIDDEN`, empty where there is none. */
  readonly errcode: string;

  constructor(request: HttpRequest, status: number, text: string) {
    super(`${request.method ?? 'GET'} ${request.path} → ${status}: ${text.slice(0, 500)}`);
    this.status = status;
    const parsed = z.object({ errcode: z.string() }).safeParse(jsonOrNothing(text));
    this.errcode = parsed.success ? parsed.data.errcode : '';
  }
}

const jsonOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Builds a path, each placed value percent-encoded: route`/_matrix/client/v3/rooms/${id}/join`. */
export const route = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  texts.reduce((path, text, i) => `${path}${encodeURIComponent(values[i - 1] ?? '')}${text}`);

const bodyOf = ({ body, bytes }: HttpRequest): string | Uint8Array<ArrayBuffer> | undefined => {
  if (bytes !== undefined) return new Uint8Array(bytes.data);
  return body === undefined ? undefined : JSON.stringify(body);
};

/** A GET or PUT may be sent again when its connection broke: Matrix makes both repeatable. */
const attempts = ({ method = 'GET' }: HttpRequest): number =>
  method === 'GET' || method === 'PUT' ? 5 : 1;

/**
 * Sends a request and returns the whole response, whatever its status.
 *
 * @throws TypeError (from fetch) when no connection comes about, also not when tried again.
 */
export const rawRequest = async (baseUrl: string, request: HttpRequest): Promise<Response> => {
  const headers: Record<string, string> = {};
  if (request.token !== undefined) headers['authorization'] = `Bearer ${request.token}`;
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (request.bytes !== undefined) headers['content-type'] = request.bytes.type;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetch(`${baseUrl}${request.path}`, {
        method: request.method ?? 'GET',
        headers,
        body: bodyOf(request) ?? null,
        signal: request.signal ?? null,
      });
    } catch (error) {
      // A kept-alive connection that a restarted server has closed, mostly.
      if (request.signal?.aborted === true || attempt >= attempts(request)) throw error;
      await pause(50 * attempt);
    }
  }
};

/**
 * Sends a request and returns its JSON answer.
 *
 * @throws HttpFailure when the status is not 2xx.
 */
export const requestJson = async (baseUrl: string, request: HttpRequest): Promise<unknown> => {
  const response = await rawRequest(baseUrl, request);
  const text = await response.text();
  if (!response.ok) throw new HttpFailure(request, response.status, text);
  return JSON.parse(text);
};
