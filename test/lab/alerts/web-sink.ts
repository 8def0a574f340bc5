import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { z } from 'zod';
import type { Pem } from './self-signed.ts';

/** A request that came. */
export interface SunkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** When it had come, ms since the epoch. */
  readonly at: number;
}

/** What it is answered; `hang`: nothing, ever; `drop`: the connection is cut. */
export type SinkAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | 'hang'
  | 'drop';

/** A web server on the loopback that keeps what it gets. */
export interface WebSink {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly SunkRequest[];
  /** From now on; at first everything is answered 200. */
  answer: (request: SunkRequest) => SinkAnswer;
  stop(): Promise<void>;
}

/** Starts one; with `pem` it speaks TLS. `port` 0 or left out: any. */
export const startWebSink = async (pem?: Pem, port = 0): Promise<WebSink> => {
  const requests: SunkRequest[] = [];
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(parts).toString();
      const sunk = { method, path: url, headers, body, at: Date.now() };
      requests.push(sunk);
      const answer = sink.answer(sunk);
      if (answer === 'hang') return;
      if (answer === 'drop') response.destroy();
      else response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? 'ok');
    });
  };
  const server = pem === undefined ? createServer(listener) : createTlsServer({ ...pem }, listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = z.object({ port: z.int() }).parse(server.address());
  const sink: WebSink = {
    url: `${pem === undefined ? 'http' : 'https'}://127.0.0.1:${bound}`,
    port: bound,
    requests,
    answer: () => ({ status: 200 }),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return sink;
};
