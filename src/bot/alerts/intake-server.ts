import { hash, timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../../core/log.ts';
import type { Secret } from '../../core/secret.ts';
import { readAlertmanagerPayload } from '../../ops/alerts/alertmanager-payload.ts';
import { readPlainPayload } from '../../ops/alerts/plain-payload.ts';
import type { Notification } from '../../ops/alerts/notification.ts';
import { mostAlerts, type PostResult } from '../../ops/alerts/post.ts';
import { Turns, type Idle } from '../../ops/alerts/turns.ts';
import type { Clock } from '../../platform/clock.ts';
import { OutsiderLog } from '../inbox/outsider-log.ts';
import { BadSenders } from './bad-senders.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { UnderWay } from './under-way.ts';

/** Certificates, in PEM. With `ca` only senders whose certificate it has signed are let in. */
export interface IntakeTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | null;
}

/** What the intake is made of. */
export interface IntakeServerParts {
  readonly token: Secret<string>;
  /** Null: on the loopback, without encryption. */
  readonly tls: IntakeTls | null;
  /** Makes a part of a notification durable; rejects where it can't. */
  readonly accept: (part: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** For the whole of a request, ms. Default: half of what Alertmanager allows itself at least. */
  readonly requestTimeoutMs?: number;
}

/** Since the start of the process. */
export interface IntakeCounts {
  accepted: number;
  /** 4xx: no bearer, a wrong one, no notification. Also who is not let in by TLS. */
  refused: number;
  /** Those of them that came after too many others. */
  limited: number;
  /** 503. */
  deferred: number;
}

/** Ten thousand alerts of a usual length (alerts-monitoring §1.1). */
const largestBytes = 5 * 1024 * 1024;
/** A body above this is read while no other such is: it takes ten times its size meanwhile. */
const largeBytes = 256 * 1024;
const usualTimeoutMs = 10_000;
/** Node looks for requests that take too long only so often; its own default is half a minute. */
const checksPerTimeout = 10;
/** More are not let in: each holds a file. Alertmanager opens one for each group of a storm. */
const mostConnections = 4096;

/** In hex: for a few bytes, much less work than bytes of its own making. */
const digest = (text: string): Buffer => Buffer.from(hash('sha256', text));

/** Takes the time that it takes, right or wrong. */
function bearerChecker(token: Secret<string>): (given: string) => boolean {
  const wanted = digest(token.reveal());
  return (given) => timingSafeEqual(digest(given), wanted);
}

/** Undefined where it is no JSON. Only what is asked for by name is read of it, and nothing walks through it. */
function parseJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What is wanted, for whoever reads the sender's log. */
function reasonOf(status: number): string {
  switch (status) {
    case 413:
      return 'the body is larger than 5 MiB';
    case 415:
      return 'it takes Content-Type: application/json';
    default:
      return 'the request is not right';
  }
}

/** Null: somebody only knocked, or went away in the middle. */
function refusedByTls(error: NodeJS.ErrnoException, socket: TLSSocket): string | null {
  // Node's declaration has an error here; it is the code of one, and null where there is none.
  const wrong: unknown = socket.authorizationError;
  if (typeof wrong === 'string') return `the certificate is not right: ${wrong}`;
  return error.code === 'ECONNRESET' ? null : error.message;
}

/**
 * `POST` (or `PUT`, as Grafana can) to `/alerts/alertmanager`, `/alerts/grafana`, `/alerts/plain`
 * (docs/alerts.md). Answers 2xx only for what is durable, 503 where it can't be made so, 4xx for what
 * will never be right. Never 429, after which Alertmanager does not try again, and never 500.
 */
export function createIntakeServer(parts: IntakeServerParts): {
  readonly server: FastifyInstance;
  readonly counts: Readonly<IntakeCounts>;
  /** Returns when nobody waits for the answer to a post; a large one may take its time. */
  readonly idle: Idle;
} {
  const { tls, accept, clock, log } = parts;
  const counts: IntakeCounts = { accepted: 0, refused: 0, limited: 0, deferred: 0 };
  const refusals = new OutsiderLog(clock, log, 'a post of alerts was refused');
  const deferrals = new OutsiderLog(clock, log, 'alerts can not be made durable');
  const isBearer = bearerChecker(parts.token);
  const bad = new BadSenders(clock);
  const large = new OneAtATime();
  const small = new UnderWay();
  const { requestTimeoutMs: requestTimeout = usualTimeoutMs } = parts;
  const options = { bodyLimit: largestBytes, requestTimeout };
  const times = {
    requestTimeout,
    // Node takes the longer one of the two for the whole of a request; by itself this is a minute.
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: requestTimeout / checksPerTimeout,
  };
  const server: FastifyInstance =
    tls === null
      ? fastify({ ...options, http: times })
      : fastify({
          ...options,
          https: {
            ...{ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2', ...times },
            ...(tls.ca === null ? {} : { ca: tls.ca, requestCert: true }),
          },
        });
  server.server.maxConnections = mostConnections;

  const refuse = (request: FastifyRequest, status: number, reason: string) => {
    counts.refused += 1;
    refusals.note(request.ip, { status, reason });
    return { ok: false, reason };
  };

  // Who shows no certificate, or a wrong one, sends no request that could be refused.
  server.server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const reason = refusedByTls(error, socket);
    if (reason === null) return;
    counts.refused += 1;
    refusals.note(socket.remoteAddress ?? 'unknown', { reason });
  });

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  // Before the body is read: whoever has no token costs nothing.
  server.addHook('onRequest', async (request, reply) => {
    const { authorization, 'content-encoding': encoding } = request.headers;
    const [, bearer = null] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (bearer === null || !isBearer(bearer)) {
      const status = bearer === null ? 401 : 403;
      reply.code(status).header('connection', 'close').header('www-authenticate', 'Bearer');
      if (bad.note(request.ip)) {
        const reason =
          bearer === null ? 'there is no bearer token' : 'the bearer token is not right';
        return reply.send(refuse(request, status, reason));
      }
      counts.refused += 1;
      counts.limited += 1;
      return reply.send();
    }
    if (encoding !== undefined && encoding !== 'identity') {
      reply.code(415).header('connection', 'close');
      return reply.send(refuse(request, 415, 'compressed bodies are not read'));
    }
    return undefined;
  });
  server.setErrorHandler(async (error, request, reply) => {
    const told = error instanceof Error && 'statusCode' in error ? error.statusCode : 0;
    if (typeof told === 'number' && told >= 400 && told < 500) {
      await reply.code(told).send(refuse(request, told, reasonOf(told)));
      return;
    }
    counts.deferred += 1;
    deferrals.note(request.ip, { err: error });
    await reply.code(503).send({ ok: false, reason: 'try again' });
  });
  server.setNotFoundHandler(async (request, reply) => {
    await reply.code(404).send(refuse(request, 404, 'there is nothing here'));
  });
  const take = async (
    request: FastifyRequest,
    reply: FastifyReply,
    read: (body: unknown) => PostResult | Promise<PostResult>,
  ) => {
    const body = parseJson(request.body);
    if (body === undefined) return reply.code(400).send(refuse(request, 400, 'it is no JSON'));
    const result = await read(body);
    switch (result.kind) {
      case 'invalid':
        return reply.code(400).send(refuse(request, 400, result.reason));
      case 'too-many':
        return reply.code(413).send(refuse(request, 413, `more than ${mostAlerts} alerts`));
      case 'ok':
        await acceptAll(result.parts, accept);
        counts.accepted += 1;
        return { ok: true };
      default:
        return result satisfies never;
    }
  };
  const readers = {
    '/alerts/alertmanager': readAlertmanagerPayload,
    '/alerts/grafana': readAlertmanagerPayload,
    '/alerts/plain': (body: unknown) => readPlainPayload(body, clock.now()),
  };
  for (const [url, read] of Object.entries(readers)) {
    server.route({
      ...{ method: ['POST', 'PUT'], url },
      handler: (request, reply) => {
        const isLarge = Buffer.isBuffer(request.body) && request.body.length > largeBytes;
        const work = () => take(request, reply, read);
        return isLarge ? large.run(work) : small.run(work);
      },
    });
  }
  return { server, counts, idle: (atMostMs) => small.none(atMostMs) };
}

/** Resolves when all of it is durable; part of it may be where it rejects. */
async function acceptAll(
  parts: readonly Notification[],
  accept: IntakeServerParts['accept'],
): Promise<void> {
  const turns = new Turns();
  const written: string[] = [];
  for (const part of parts) {
    if (turns.isDue) await turns.rest();
    written.push(JSON.stringify(part));
  }
  await Promise.all(written.map(accept));
}
