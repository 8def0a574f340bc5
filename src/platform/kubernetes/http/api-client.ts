import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { say } from '../../../core/text.ts';
import type { ClusterAccess, Connection } from '../access/cluster-access.ts';
import { badAnswer, refused, unreachable, unreachableFor, type Verb } from './failure.ts';
import { readStatus } from './status.ts';
import { pathOf, type Target } from './target.ts';

/** One request. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The rule that it needs. */
  readonly verb: Verb;
  readonly target: Target;
  readonly query?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Media type of the body; JSON where it is left out. */
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** Until the whole answer is there, or a stream's first byte, ms; default 15 s. */
  readonly timeoutMs?: number;
}

/** What an {@link ApiClient} is made of. */
export interface ApiClientOptions {
  readonly access: ClusterAccess;
  /** Longest answer that is read as a whole, bytes; default 32 MiB. */
  readonly maxBytes?: number;
}

const defaultTimeoutMs = 15_000;
const defaultMaxBytes = 32 * 1024 * 1024;
/** A refusal is short; of a longer one the rest is not read. */
const longestRefusal = 64 * 1024;

/** Path and query of a request. */
export function pathWithQuery({ target, query }: Pick<ApiRequest, 'target' | 'query'>): string {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(query ?? {})) {
    for (const value of [values].flat()) search.append(name, value);
  }
  const text = search.toString();
  return `${pathOf(target)}${text === '' ? '' : `?${text}`}`;
}

/**
 * The API server over HTTP: bodies are streams that are read as fast as their reader, one time limit
 * per exchange, answers checked by zod, failures as `E_KUBERNETES_*`. client-node's own requests go
 * through node-fetch and a new connection each, so they are not used.
 */
export class ApiClient {
  readonly #access: ClusterAccess;
  readonly #maxBytes: number;
  #requests = 0;

  constructor({ access, maxBytes = defaultMaxBytes }: ApiClientOptions) {
    this.#access = access;
    this.#maxBytes = maxBytes;
  }

  /** How many requests were sent. */
  get requests(): number {
    return this.#requests;
  }

  /** For who opens a connection by himself: counts it. */
  async connect(): Promise<Connection> {
    this.#requests += 1;
    return this.#access.connection();
  }

  /** The way that requests take now. */
  connection(): Promise<Connection> {
    return this.#access.connection();
  }

  /** Where our identity comes from. */
  get source(): string {
    return this.#access.source;
  }

  /** Read the credentials again. */
  renew(): void {
    this.#access.renew();
  }

  /** Sends the request and reads its answer. Throws `E_KUBERNETES_*` or the signal's reason. */
  async ask<Value>(schema: z.ZodType<Value>, request: ApiRequest): Promise<Value> {
    const deadline = AbortSignal.timeout(request.timeoutMs ?? defaultTimeoutMs);
    const signal =
      request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    const answer = await this.open({ ...request, signal });
    const { url } = await this.#access.connection();
    const text = await this.#read(answer, this.#maxBytes, url).catch((error: unknown) => {
      throw this.#explain(error, { ...request, signal }, url);
    });
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw badAnswer(answer.statusCode ?? 0, say('kubernetes.shape'), parsed.error);
  }

  /** Sends the request and returns the answer's body, not yet read, once it is a success. */
  async open(request: ApiRequest): Promise<IncomingMessage> {
    const answer = await this.#send(request, true);
    if (answer.statusCode !== 401) return answer;
    // The token may have been rotated since it was read.
    answer.resume();
    this.#access.renew();
    return this.#send(request, false);
  }

  async #send(request: ApiRequest, isFirst: boolean): Promise<IncomingMessage> {
    const connection = await this.connect();
    let answer: IncomingMessage;
    try {
      answer = await exchange(connection, request);
    } catch (error) {
      const again = isFirst && request.method === 'GET' && isStale(error);
      if (again) return this.#send(request, false);
      throw this.#explain(error, request, connection.url);
    }
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    if (status === 401 && isFirst) return answer;
    const text = await this.#read(answer, longestRefusal, connection.url).catch(() => '');
    const { verb, target } = request;
    throw refused(status, readStatus(text), {
      ...{ url: connection.url, source: this.#access.source, verb, target },
    });
  }

  async #read(answer: IncomingMessage, limit: number, url: string): Promise<string> {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of answer) {
      if (!Buffer.isBuffer(part)) throw new TypeError('the answer has an encoding already');
      size += part.length;
      if (size > limit)
        throw unreachableFor(url, say('kubernetes.tooLong', { limit: { bytes: limit } }));
      parts.push(part);
    }
    return Buffer.concat(parts).toString('utf8');
  }

  #explain(error: unknown, request: ApiRequest, url: string): unknown {
    if (error instanceof AppError) return error;
    const { signal, timeoutMs = defaultTimeoutMs } = request;
    const reason: unknown = signal?.aborted === true ? signal.reason : error;
    const isLate = reason instanceof DOMException && reason.name === 'TimeoutError';
    if (isLate)
      return unreachableFor(url, say('kubernetes.tooSlow', { limit: { span: timeoutMs } }));
    return signal?.aborted === true ? reason : unreachable(url, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw badAnswer(200, say('kubernetes.notJson'), error);
    throw error;
  }
}

/** A kept connection that the API server had closed by the time the request arrived. */
class StaleConnection extends Error {}

const isStale = (error: unknown): boolean => error instanceof StaleConnection;

/** Resolves with the answer once its head is there. */
function exchange(connection: Connection, request: ApiRequest): Promise<IncomingMessage> {
  const { method, body, contentType = 'application/json', signal } = request;
  const { timeoutMs = defaultTimeoutMs } = request;
  const url = new URL(`${connection.url}${pathWithQuery(request)}`);
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const sent = send(url, {
      method,
      agent: connection.agent,
      headers: {
        accept: 'application/json',
        ...connection.headers,
        ...(text === undefined
          ? {}
          : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
      },
      ...(signal === undefined ? {} : { signal }),
    });
    const late = new DOMException('no answer in time', 'TimeoutError');
    const timer = setTimeout(() => sent.destroy(late), timeoutMs);
    sent.once('response', (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    sent.once('error', (error: Error & { code?: string }) => {
      clearTimeout(timer);
      const stale = sent.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      reject(
        stale ? new StaleConnection('the kept connection was closed', { cause: error }) : error,
      );
    });
    sent.end(text);
  });
}
