import { Pool } from 'undici';
import { z } from 'zod';
import type { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { Secret } from '../../core/secret.ts';
import { parseJson, readRefusal, type Answer } from './answer.ts';
import {
  badAnswer,
  behindGateway,
  credentialRefused,
  isBrokenConnection,
  refusedAnswer,
  tooSlow,
  unreachable,
} from './failure.ts';

/** Where the admin API is and how to get in. */
export interface AdminApiOptions {
  /** Base URL of the home server, e.g. `http://127.0.0.1:8008`; a path in front is kept. */
  readonly url: string;
  /** Access token of a server admin. */
  readonly token: Secret<string>;
  /** For a whole exchange, ms; default 15 s. */
  readonly timeoutMs?: number;
  /** Longest answer that is read, bytes; default 8 MiB. */
  readonly maxBytes?: number;
  /** Hears of each `E_ADMIN_API_FORBIDDEN`, whatever was asked. */
  readonly onRefused?: (refusal: AppError) => void;
}

/** One request. */
export interface AdminRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** From `/_synapse` on, every part encoded: make it with {@link path}. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** What must not be repeated in an error. */
  readonly secrets?: readonly Secret<string>[];
  readonly signal?: AbortSignal | undefined;
  /** For this exchange instead of the API's own limit, ms. */
  readonly timeoutMs?: number;
}

const anything = z.looseObject({});

interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Asks something that only a server admin may know, and costs nearly nothing. */
const probe: AdminRequest = {
  method: 'GET',
  path: '/_synapse/admin/v2/users',
  query: { limit: '1', guests: 'false' },
};

/** Builds a path, each placed value percent-encoded: path`/_synapse/admin/v2/users/${id}`. */
export function path(texts: TemplateStringsArray, ...values: readonly string[]): string {
  // A lone dot or two would be read as a step in the path, so dots are encoded, too.
  const encode = (value: string) => encodeURIComponent(value).replaceAll('.', '%2E');
  return texts.reduce((all, text, i) => `${all}${encode(values[i - 1] ?? '')}${text}`);
}

/**
 * Synapse's admin API over HTTP: one time limit and one size limit for every exchange, answers
 * checked by zod, failures as `E_ADMIN_API_*`. Redirects are not followed, so the credential never
 * leaves for another host. Source: Synapse docs, admin_api.
 */
export class AdminApi {
  readonly #pool: Pool;
  readonly #url: string;
  readonly #prefix: string;
  readonly #token: Secret<string>;
  readonly #timeoutMs: number;
  readonly #onRefused: (refusal: AppError) => void;

  constructor(options: AdminApiOptions) {
    const url = new URL(options.url);
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#url = `${url.origin}${this.#prefix}`;
    this.#token = options.token;
    this.#timeoutMs = options.timeoutMs ?? 15_000;
    this.#onRefused = options.onRefused ?? (() => undefined);
    // Not `fetch`: it takes dot segments out of a path, also encoded ones.
    this.#pool = new Pool(url.origin, {
      connections: 4,
      // One limit for the whole exchange (see `#send`) instead of one for each part of it.
      connectTimeout: this.#timeoutMs + 1000,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: options.maxBytes ?? 8 * 1024 * 1024,
    });
  }

  /** Ends the connections; open requests fail. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /**
   * Sends the request. A 4xx comes back as a refusal, for the caller to judge; the rest throws:
   * `E_ADMIN_API_FORBIDDEN`, `E_ADMIN_API_UNREACHABLE`, `E_ADMIN_API_ANSWER`, or the reason of
   * `request.signal` once that is aborted. After the last three a change may have happened.
   */
  async ask<Value>(schema: z.ZodType<Value>, request: AdminRequest): Promise<Answer<Value>> {
    const { status, text } = await this.#exchange(request);
    if (status === 401 || (status === 403 && !(await this.#isAdmin(request.signal)))) {
      const refusal = credentialRefused(status);
      this.#onRefused(refusal);
      throw refusal;
    }
    if (status === 502 || status === 503 || status === 504) throw behindGateway(this.#url, status);
    if (status >= 400 && status < 500) {
      // What stands in front of Synapse may repeat the whole request, its headers too.
      const secrets = [this.#token, ...(request.secrets ?? [])].map((secret) => secret.reveal());
      return readRefusal(status, text, secrets);
    }
    if (status < 200 || status >= 300) throw badAnswer(status, say('adminApi.failed'));
    const json = parseJson(text);
    if (json === undefined) throw badAnswer(status, say('adminApi.notJson'));
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw badAnswer(status, say('adminApi.shape'), parsed.error);
    return { ok: true, status, value: parsed.data };
  }

  /**
   * Returns when the home server has shown that the credential is a server admin's. Throws what
   * {@link ask} throws, and `E_ADMIN_API_ANSWER` where no admin API is there. (Its server_version
   * would show nothing: since Synapse 1.94 anybody may ask that.)
   */
  async checkAccess(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const answer = await this.ask(anything, { ...probe, signal, timeoutMs });
    if (!answer.ok) throw refusedAnswer(answer);
  }

  /**
   * Whether the credential is a server admin's. Synapse answers 403 `M_FORBIDDEN` both to a stranger
   * and to an admin who asks for something that is switched off.
   */
  async #isAdmin(signal: AbortSignal | undefined): Promise<boolean> {
    const { status } = await this.#exchange({ ...probe, signal });
    return status === 200;
  }

  async #exchange(request: AdminRequest): Promise<RawAnswer> {
    try {
      return await this.#send(request);
    } catch (error) {
      // A kept connection that a restarted home server has closed. Only what changes nothing goes twice.
      if (request.method === 'GET' && isBrokenConnection(error)) return this.#last(request);
      throw this.#explain(error, request);
    }
  }

  async #last(request: AdminRequest): Promise<RawAnswer> {
    try {
      return await this.#send(request);
    } catch (error) {
      throw this.#explain(error, request);
    }
  }

  #explain(error: unknown, { signal, timeoutMs = this.#timeoutMs }: AdminRequest): unknown {
    if (signal?.aborted === true) return signal.reason;
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      return tooSlow(this.#url, timeoutMs);
    }
    return unreachable(this.#url, error);
  }

  async #send(request: AdminRequest): Promise<RawAnswer> {
    const { method, path, query, body, signal, timeoutMs = this.#timeoutMs } = request;
    const deadline = AbortSignal.timeout(timeoutMs);
    const answer = await this.#pool.request({
      method,
      path: `${this.#prefix}${path}${query === undefined ? '' : `?${new URLSearchParams(query).toString()}`}`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${this.#token.reveal()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }
}
