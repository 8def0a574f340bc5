import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../../../../src/core/log.ts';
import type { ClusterAccess } from '../../../../src/platform/kubernetes/access/cluster-access.ts';

/** A log that nobody reads. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

/** Answers one request; what it does not end stays open. */
export type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** A small API server without TLS whose answers a test writes. */
export interface SmallApiServer {
  readonly server: Server;
  readonly port: number;
  readonly access: ClusterAccess;
  /** How often the credentials were to be read again. */
  readonly renewals: number;
  /** Ends all connections and the listening; the port stays reserved in our mind only. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Listens on loopback, on a free port or the given one. */
export async function smallApiServer(answer: Answer, port = 0): Promise<SmallApiServer> {
  const server = createServer((request, response) =>
    answer(request, response, new URL(request.url ?? '/', 'http://api')),
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('no port');
  const agent = new Agent({ keepAlive: true });
  let renewals = 0;
  const connection = { url: `http://127.0.0.1:${at.port}`, agent, headers: {} };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    // Also those that became WebSockets, which the server no longer counts.
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    server,
    port: at.port,
    access: {
      source: 'kubeconfig',
      connection: () => Promise.resolve(connection),
      renew: () => {
        renewals += 1;
      },
      close: () => agent.destroy(),
    },
    get renewals() {
      return renewals;
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      await stop();
    },
  };
}

/** Sends an object as a whole answer. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Waits until a number has not changed for 0.3 s, and is more than nothing. Throws after 25 s. */
export async function standsStill(what: string, read: () => number): Promise<void> {
  let last = { value: 0, since: performance.now() };
  await eventually(what, () => {
    const value = read();
    if (value !== last.value) last = { value, since: performance.now() };
    return value > 0 && performance.now() - last.since > 300;
  });
}

/** Waits until something is so. Throws after 25 s. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 25_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`not within 25 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
