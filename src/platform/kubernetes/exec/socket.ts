import type { IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import { AppError } from '../../../core/errors.ts';
import { say } from '../../../core/text.ts';
import { abortReason } from '../abort-reason.ts';
import { pathWithQuery, type ApiClient, type ApiRequest } from '../http/api-client.ts';
import { refused, unreachable, unreachableFor } from '../http/failure.ts';
import { readStatus } from '../http/status.ts';

/** A WebSocket that is asked for. */
export interface SocketRequest extends Pick<ApiRequest, 'target' | 'query'> {
  /** Subprotocol, the only one that is offered. */
  readonly protocol: string;
  readonly signal?: AbortSignal | undefined;
}

const handshakeMs = 15_000;
/** The API server's own limit for one frame is 32 MiB. */
const largestFrame = 32 * 1024 * 1024;
const longestRefusal = 64 * 1024;

/** The API server answered with something else than an open socket. */
class Refusal extends Error {
  readonly status: number;
  readonly text: string;

  constructor(status: number, text: string) {
    super(`HTTP ${status}`);
    this.status = status;
    this.text = text;
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer) {
    if (!Buffer.isBuffer(part) || size > longestRefusal) break;
    size += part.length;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * Opens a WebSocket of the API server, paused: nothing of it is lost before somebody listens.
 * client-node's handler has no back-pressure (it ignores what `write` returns), so it is not used.
 * Throws `E_KUBERNETES_*` or the signal's reason.
 */
export async function openSocket(client: ApiClient, request: SocketRequest): Promise<WebSocket> {
  try {
    return await attempt(client, request);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401)
      throw await explain(error, client, request);
  }
  // The token may have been rotated since it was read.
  client.renew();
  try {
    return await attempt(client, request);
  } catch (error) {
    throw await explain(error, client, request);
  }
}

async function explain(
  error: unknown,
  client: ApiClient,
  request: SocketRequest,
): Promise<unknown> {
  if (error instanceof AppError) return error;
  if (request.signal?.aborted === true) return abortReason(request.signal);
  const { url } = await client.connection();
  if (!(error instanceof Refusal)) return unreachable(url, error);
  const { source } = client;
  const asked = { url, source, verb: 'create', target: request.target } as const;
  return refused(error.status, readStatus(error.text), asked);
}

async function attempt(client: ApiClient, request: SocketRequest): Promise<WebSocket> {
  const { url, agent, headers } = await client.connect();
  const { protocol, signal } = request;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(
      `${url.replace(/^http/, 'ws')}${pathWithQuery(request)}`,
      [protocol],
      {
        ...{ agent, headers, perMessageDeflate: false, maxPayload: largestFrame },
        handshakeTimeout: handshakeMs,
      },
    );
    const stop = () => socket.terminate();
    signal?.addEventListener('abort', stop, { once: true });
    const end = () => signal?.removeEventListener('abort', stop);
    socket.once('open', () => {
      end();
      socket.pause();
      resolve(socket);
    });
    socket.on('error', (error) => {
      end();
      reject(error.message.includes('timed out') ? late(url) : error);
    });
    socket.once('unexpected-response', (sent, answer) => {
      end();
      const status = answer.statusCode ?? 0;
      textOf(answer)
        .then((text) => reject(new Refusal(status, text)))
        .catch(reject)
        .finally(() => sent.destroy());
    });
  });
}

const late = (url: string): AppError =>
  unreachableFor(url, say('kubernetes.tooSlow', { limit: { span: handshakeMs } }));
