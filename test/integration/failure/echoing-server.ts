import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What an {@link EchoingServer} answers a change with. */
export interface EchoAnswer {
  readonly status: number;
  /** Default: the whole request, headers too, as the words of a Matrix error. */
  readonly body?: string;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/**
 * An admin API that repeats what it was asked, credential and body included, in its errors, as
 * badly made gateways and debug settings do. Reads are the home server's own.
 */
export class EchoingServer {
  answer: EchoAnswer | null = null;
  /** Bodies of all changes that were asked for. */
  readonly bodies: string[] = [];
  readonly #target: string;
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy());
  });

  /** `target`: base URL of the home server. */
  constructor(target: string) {
    this.#target = target;
  }

  /** Listens on a free loopback port; returns its base URL. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const body = await textOf(request);
    if (method !== 'GET') this.bodies.push(body);
    if (method !== 'GET' && this.answer !== null) {
      const whole = `${method} ${url} ${JSON.stringify(headers)} ${body}`;
      const echo = JSON.stringify({ errcode: `M_${headers.authorization ?? ''}`, error: whole });
      response.writeHead(this.answer.status, { 'content-type': 'application/json' });
      response.end(this.answer.body ?? echo);
      return;
    }
    const answer = await fetch(`${this.#target}${url}`, {
      method,
      headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  }
}
