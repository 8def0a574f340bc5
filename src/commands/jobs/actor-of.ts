import { AppError } from '../../core/errors.ts';
import type { JobDraft } from '../../platform/store/jobs.ts';
import type { Actor } from '../actor.ts';
import { actorName } from '../actor-name.ts';
import type { People } from '../capabilities.ts';

type Asker = Pick<JobDraft, 'origin' | 'rank'>;

/**
 * Whoever stands behind a job, with what he may do now. Throws `E_NOT_ALLOWED` where the person is
 * no longer on the list.
 */
export function actorOf({ origin, rank }: Asker, people: Pick<People, 'roleOf'>): Actor {
  if (origin.surface === 'terminal') return { kind: 'local', login: origin.login, rank };
  const role = people.roleOf(origin.sender);
  if (role === null) throw new AppError('E_NOT_ALLOWED');
  return { kind: 'person', user: origin.sender, rank: role };
}

/** His name for questions and audit, on the list or not. */
export function askerName({ origin, rank }: Asker): string {
  return origin.surface === 'room'
    ? origin.sender
    : actorName({ kind: 'local', login: origin.login, rank });
}
