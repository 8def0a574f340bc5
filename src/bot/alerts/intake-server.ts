import { createHash, timingSafeEqual } from 'node:crypto';
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Log } from '../../core/log.ts';
import type { Secret } from '../../core/secret.ts';
import { readAlertmanagerPayload } from '../../ops/alerts/alertmanager-payload.ts';
import type { Clock } from '../../platform/clock.ts';
import { parseUntrustedJson } from '../client/untrusted-json.ts';
import { OutsiderLog } from '../inbox/outsider-log.ts';

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
  /** Makes a notification durable; rejects where it can't. */
  readonly accept: (body: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Since the start of the process. */
export interface IntakeCounts {
  accepted: number;
  /** 4xx: no bearer, a wrong one, no notification. */
  refused: number;
  /** 503. */
  deferred: number;
}

/** Ten thousand alerts of a usual length (alerts-monitoring §1.1). */
const largestBytes = 5 * 1024 * 1024;
/** For the whole of a request, ms: half of what Alertmanager allows itself at least. */
const requestTimeoutMs = 10_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes the time that it takes, right or wrong. */
function bearerChecker(token: Secret<string>): (given: string) => boolean {
  const wanted = digest(token.reveal());
  return (given) => timingSafeEqual(digest(given), wanted);
}

/**
 * `POST /alerts/alertmanager` (docs/alerts.md). Answers 2xx only for what is durable, 503 where it
 * can't be made so, 4xx for what will never be right. Never 429, after which Alertmanager does not try
 * again, and never 500.
 */
export function createIntakeServer(parts: IntakeServerParts): {
  readonly server: FastifyInstance;
  readonly counts: Readonly<IntakeCounts>;
} {
  const { tls, accept, clock, log } = parts;
  const counts: IntakeCounts = { accepted: 0, refused: 0, deferred: 0 };
  const refusals = new OutsiderLog(clock, log, 'a post of alerts was refused');
  const deferrals = new OutsiderLog(clock, log, 'alerts can not be made durable');
  const isBearer = bearerChecker(parts.token);
  const options = { bodyLimit: largestBytes, requestTimeout: requestTimeoutMs };
  const server: FastifyInstance =
    tls === null
      ? fastify(options)
      : fastify({
          ...options,
          https: {
            ...{ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' },
            ...(tls.ca === null ? {} : { ca: tls.ca, requestCert: true }),
          },
        });

  const refuse = (request: FastifyRequest, status: number, reason: string) => {
    counts.refused += 1;
    refusals.note(request.ip, { status, reason });
    return { ok: false, reason };
  };

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
      reply.header('connection', 'close').header('www-authenticate', 'Bearer');
      await reply.code(status).send(refuse(request, status, 'the bearer token is not right'));
    } else if (encoding !== undefined && encoding !== 'identity') {
      reply.header('connection', 'close');
      await reply.code(415).send(refuse(request, 415, 'compressed bodies are not read'));
    }
  });
  server.setErrorHandler(async (error, request, reply) => {
    const told = error instanceof Error && 'statusCode' in error ? error.statusCode : 0;
    if (typeof told === 'number' && told >= 400 && told < 500) {
      await reply.code(told).send(refuse(request, told, 'the request is not right'));
      return;
    }
    counts.deferred += 1;
    deferrals.note(request.ip, { err: error });
    await reply.code(503).send({ ok: false, reason: 'try again' });
  });
  server.setNotFoundHandler(async (request, reply) => {
    await reply.code(404).send(refuse(request, 404, 'there is nothing here'));
  });
  server.post('/alerts/alertmanager', async (request, reply) => {
    const read = readAlertmanagerPayload(parseJson(request.body));
    switch (read.kind) {
      case 'invalid':
        return reply.code(400).send(refuse(request, 400, read.reason));
      case 'too-many':
        return reply.code(413).send(refuse(request, 413, 'too many alerts'));
      case 'ok':
        await accept(JSON.stringify(read.notification));
        counts.accepted += 1;
        return { ok: true };
      default:
        return read satisfies never;
    }
  });
  return { server, counts };
}

/** Null where it is no JSON. */
function parseJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return null;
  try {
    return parseUntrustedJson(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
