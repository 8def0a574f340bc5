/** Roles of people, lowest first. `viewer` reads, `operator` changes, `admin` destroys. */
export const roles = ['viewer', 'operator', 'admin'] as const;
/** What a person on the allow-list may do. */
export type Role = (typeof roles)[number];

/** Ranks, lowest first: the roles of people, and `owner`: root or the bot's own user on the server. */
export const ranks = [...roles, 'owner'] as const;
/** A {@link Role}, or `owner`, which exists only on the server's terminal. */
export type Rank = (typeof ranks)[number];
