import { fastify, type FastifyInstance } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import { systemCode, systemReason } from '../../platform/system-failure.ts';
import type { NotReady } from './readiness.ts';
import type { Undelivered } from './undelivered.ts';

/** What the pages tell. */
export interface HealthPages {
  /** Empty: ready. */
  notReady(): readonly NotReady[];
  /** Shown on `/readyz`; nothing in it makes the bot unready: it takes alerts meanwhile. */
  undelivered(): Undelivered;
  metrics(): Promise<string>;
}

/**
 * `/livez` (the process serves), `/readyz` (it can do its work) and `/metrics`. Meant for
 * the loopback: there is no secret on the pages and nothing that can be changed.
 */
export function createHealthServer(pages: HealthPages): FastifyInstance {
  const server = fastify({ bodyLimit: 1024, requestTimeout: 10_000, connectionTimeout: 30_000 });
  server.get('/livez', () => ({ ok: true }));
  server.get('/readyz', (_request, reply) => {
    const problems = pages.notReady();
    const undelivered = pages.undelivered();
    if (problems.length === 0) return { ok: true, undelivered };
    const reason = problems.map((each) => `${each.part}: ${each.reason}`).join('; ');
    return reply.code(503).send({ ok: false, reason, problems, undelivered });
  });
  server.get('/metrics', async (_request, reply) => {
    const text = await pages.metrics();
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
  return server;
}

/** Opens a port of the config (`place`). Throws `E_ADDRESS_UNUSABLE` where that can't be had. */
export async function listen(
  server: FastifyInstance,
  file: string,
  place: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const command = `ss -ltnp 'sport = :${port}'`;
    const isTaken = systemCode(error) === 'EADDRINUSE';
    const advice = isTaken ? say('address.taken.next', { command }) : '';
    const params = { file, place, address: `${host}:${port}`, cause: systemReason(error), advice };
    throw new AppError('E_ADDRESS_UNUSABLE', params, error);
  }
}
