import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LabError } from './failure.ts';
import { applyFault, SyncMemory } from './proxy/faults.ts';
import { Passage, readAll } from './proxy/passage.ts';
import { RequestLog, type RequestRecord } from './proxy/request-log.ts';
import { RuleBook, type ActiveRule, type Rule } from './proxy/rules.ts';

/** A proxy in front of a home server that passes everything on until it is told otherwise. */
export interface FaultProxy {
  readonly baseUrl: string;
  /** What came through. */
  readonly log: RequestLog;
  /**
   * Puts a rule in force, behind those that are. It is for requests that come from now on: a
   * long poll under way is not hit (`cut` makes its client ask again).
   */
  add(rule: Rule): ActiveRule;
  /** Takes all rules out of force. What hangs goes on hanging: `cut` ends it. */
  clear(): void;
  /** From now on nothing gets through, and all open connections are cut, long polls too. */
  block(): void;
  unblock(): void;
  /** Cuts all open connections, once. */
  cut(): void;
  stop(): Promise<void>;
}

const recordedBytes = 64 * 1024;

const recordOf = (request: IncomingMessage): RequestRecord => {
  const url = new URL(request.url ?? '/', 'http://proxy');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    token: request.headers.authorization?.replace(/^Bearer /, '') ?? '',
    startedAt: performance.now(),
    body: '',
    fault: undefined,
    status: 'pending',
    ms: 0,
  };
};

/**
 * Starts a proxy on a free loopback port.
 *
 * @param target Base URL of the home server, which may stop and start as it likes.
 */
export const startProxy = async (target: string): Promise<FaultProxy> => {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const log = new RequestLog();
  const rules = new RuleBook();
  const memory = new SyncMemory();
  const sockets = new Set<Socket>();
  let blocked = false;

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const record = recordOf(request);
    const body = await readAll(request);
    record.body = body.subarray(0, recordedBytes).toString();
    const fault = rules.faultFor(record);
    record.fault = fault?.action;
    log.start(record);
    const passage = new Passage({ agent, hostname, port }, log, {
      ...{ request, response, record, body },
    });
    response.once('close', () => {
      passage.end('gone');
    });
    memory.note(passage);
    try {
      if (fault === undefined) await passage.stream();
      else await applyFault(fault, passage, memory);
    } catch {
      // The home server gave no (usable) answer. The log says so, and the client notices, as it
      // would without a proxy: its connection breaks.
      passage.cut('unreachable');
    }
  };

  const server = createServer((request, response) => {
    // A client that goes away while its request is read has nothing to be told.
    pass(request, response).catch(() => response.destroy());
  });
  // Long polls and hanging answers are the clients' business, not ours to end.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => {
    if (blocked) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new LabError('proxy without a port');

  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    log,
    add: (rule) => rules.add(rule),
    clear: () => {
      rules.clear();
    },
    block: () => {
      blocked = true;
      cut();
    },
    unblock: () => {
      blocked = false;
    },
    cut,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      agent.destroy();
      await closed;
    },
  };
};
