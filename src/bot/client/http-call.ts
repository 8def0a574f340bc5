import { doHttpRequest } from 'matrix-bot-sdk/lib/http.js';
import { z } from 'zod';
import type { JsonObject } from '../../core/json.ts';
import type { Secret } from '../../core/secret.ts';
import { MatrixFailure } from './failure.ts';
import { installTransport, withExchange } from './transport.ts';

/** One request to the home server. */
export interface HttpCall<Answer> {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Made with {@link path}, so that nothing in it can leave its place. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: JsonObject | Buffer | undefined;
  readonly mimetype?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly maxBytes?: number;
  /** What the answer must be; another one is a malformed answer. */
  readonly answer: z.ZodType<Answer>;
}

/** Where the home server is and as whom to speak. */
export interface MatrixAccount {
  /** Base URL of the client-server API. */
  readonly url: string;
  readonly accessToken: Secret<string>;
}

/** One home server, asked with one access token. */
export interface MatrixConnection {
  /** Base URL of the client-server API, without a slash at its end. */
  readonly url: string;
  /**
   * Asks the home server and checks what it answers. Throws `MatrixFailure`. Once the token was
   * refused, every later call fails like that one and nothing more is sent: the parts of a bot learn
   * of it one after the other, and a home server counts or blocks who goes on with a dead token.
   */
  readonly ask: <Answer>(request: HttpCall<Answer>) => Promise<Answer>;
}

/** A request takes no longer than this where nothing else is said, ms. */
export const ordinaryTimeoutMs = 30_000;

/** A path whose values are encoded, each as one segment. */
export const path = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  texts.reduce((made, text, i) => `${made}${encodeURIComponent(values[i - 1] ?? '')}${text}`);

/**
 * Requests over the SDK's request function. Not over its `MatrixClient`: that one can't be loaded by
 * itself (it and `index.js` need each other), brings the application service framework along (some
 * 20 MB), and all that it would add here is making transaction ids too late.
 */
async function request<Answer>(
  { url, accessToken }: MatrixAccount,
  call: HttpCall<Answer>,
): Promise<Answer> {
  const { method, query = {}, body, signal, maxBytes, timeoutMs = ordinaryTimeoutMs } = call;
  const answer: unknown = await withExchange(
    { signal: signal ?? null, ...(maxBytes === undefined ? {} : { maxBytes }) },
    () => {
      const headers = { Authorization: `Bearer ${accessToken.reveal()}` };
      const { path: endpoint, mimetype } = call;
      return doHttpRequest(url, method, endpoint, query, body, headers, timeoutMs, false, mimetype);
    },
  );
  const checked = call.answer.safeParse(answer);
  if (checked.success) return checked.data;
  const reason = `${method} ${call.path}: ${z.prettifyError(checked.error)}`;
  throw new MatrixFailure({ kind: 'malformed', reason }, checked.error);
}

/** Speaks as this account. Sends nothing by itself. */
export function connect(account: MatrixAccount): MatrixConnection {
  installTransport();
  const url = account.url.replace(/\/+$/, '');
  let refusal: MatrixFailure | null = null;
  return {
    url,
    ask: async (call) => {
      if (refusal !== null) throw refusal;
      try {
        return await request({ ...account, url }, call);
      } catch (error) {
        if (error instanceof MatrixFailure && error.failure.kind === 'revoked') refusal = error;
        throw error;
      }
    },
  };
}
