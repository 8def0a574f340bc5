import type { Actor } from './actor.ts';

/**
 * Whoever acts, as jobs, questions and audit name him: a user id, or `local:RANK:LOGIN`. The login is
 * only what the terminal told; the rank is the socket's.
 */
export function actorName(actor: Actor): string {
  return actor.kind === 'person' ? actor.user : `local:${actor.rank}:${actor.login}`;
}
