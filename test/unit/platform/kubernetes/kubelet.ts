import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { smallApiServer, type SmallApiServer } from './api-server.ts';

/** What a container does with an exec: it gets the open socket and the query. */
export type Container = (socket: WebSocket, query: URLSearchParams) => void;

/** What is answered instead of an open socket; null: it opens. */
export type Refuse = () => { readonly status: number; readonly body: unknown } | null;

/** An API server whose pods run what a test writes, speaking `v5.channel.k8s.io` as a real one does. */
export async function smallKubelet(
  run: Container,
  refuse: Refuse = () => null,
): Promise<SmallApiServer> {
  const server = await smallApiServer((_request, response) => response.writeHead(400).end());
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const refusal = refuse();
    if (refusal !== null) {
      const body = JSON.stringify(refusal.body);
      stream.end(
        `HTTP/1.1 ${refusal.status} No\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      // The end of a test ends them without a word.
      socket.on('error', () => undefined);
      run(socket, new URL(request.url ?? '/', 'http://api').searchParams);
    });
  });
  return server;
}

/** One message of a channel. */
export const message = (channel: number, payload: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(payload)]);

/** Success, as every API server says it. */
export const success = message(3, JSON.stringify({ metadata: {}, status: 'Success' }));

/** A code as a real kubelet says it (k8s.io/kubelet, cri-streaming remotecommand/httpstream.go). */
export const kubeletExit = (code: number): Buffer =>
  message(
    3,
    JSON.stringify({
      metadata: {},
      status: 'Failure',
      message: `command terminated with non-zero exit code: error executing command, exit code ${code}`,
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
    }),
  );

/** A failure as kwok and a runtime that can't start the program say it. */
export const internalError = (text: string): Buffer =>
  message(
    3,
    JSON.stringify({
      metadata: {},
      status: 'Failure',
      reason: 'InternalError',
      message: text,
      code: 500,
    }),
  );
