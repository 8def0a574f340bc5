import type { UserId } from '../core/ids.ts';
import { ranks, roles, type Rank, type Role } from '../core/roles.ts';

export { ranks, roles, type Rank, type Role };

/** Whoever asks. A local actor is known by the socket that he reached, not by name. */
export type Actor =
  | { readonly kind: 'person'; readonly user: UserId; readonly rank: Role }
  | { readonly kind: 'local'; readonly login: string; readonly rank: Rank };

/** Whether `rank` is at least `needed`. */
export function reaches(rank: Rank, needed: Rank): boolean {
  return ranks.indexOf(rank) >= ranks.indexOf(needed);
}

/** Whether `rank` is above `other`; a person without a role is below everybody. */
export function outranks(rank: Rank, other: Rank | null): boolean {
  return other === null || ranks.indexOf(rank) > ranks.indexOf(other);
}
