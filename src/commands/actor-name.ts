import { say, type Value } from '../core/text.ts';
import { ranks, type Actor } from './actor.ts';

/**
 * Whoever acts, as jobs, questions and audit name him: a user id, or `local:RANK:LOGIN`. The login is
 * only what the terminal told; the rank is the socket's.
 */
export function actorName(actor: Actor): string {
  return actor.kind === 'person' ? actor.user : `local:${actor.rank}:${actor.login}`;
}

/** The name that {@link actorName} gave, as a person reads it: the user id, or whom of the terminal it means. */
export function shownActor(name: string): Value {
  const [kind, given, ...login] = name.split(':');
  const rank = kind === 'local' ? ranks.find((each) => each === given) : undefined;
  if (rank === undefined) return name;
  return say('actor.local', { login: login.join(':'), role: say(`role.${rank}`) });
}
