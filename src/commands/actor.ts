import type { UserId } from '../core/ids.ts';

/** Roles of people, lowest first. `viewer` reads, `operator` changes, `admin` destroys. */
export const roles = ['viewer', 'operator', 'admin'] as const;
/** What a person on the allow-list may do. */
export type Role = (typeof roles)[number];

/** Ranks, lowest first: the roles of people, and `owner`: root or the bot's own user on the server. */
export const ranks = [...roles, 'owner'] as const;
/** A {@link Role}, or `owner`, which exists only on the server's terminal. */
export type Rank = (typeof ranks)[number];

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
