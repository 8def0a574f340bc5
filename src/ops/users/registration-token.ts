import type { RegistrationToken } from '../../platform/users/registration-tokens.ts';

/** What a new registration token may be given. */
export const tokenLimits = {
  /** Days until it ends. */
  days: { least: 1, most: 365, usual: 7 },
  /** Accounts that it makes. */
  uses: { least: 1, most: 10_000, usual: 1 },
  /** Characters of its note. */
  note: 200,
} as const;

const day = 24 * 60 * 60 * 1000;

/** When a token made at `now` ends; ms since the epoch. */
export function endOfToken(now: number, days: number): number {
  return now + days * day;
}

/** `open`: makes accounts; `expired`: its time is over; `used`: all its uses are taken. */
export type TokenState = 'open' | 'expired' | 'used';

/**
 * What a token still is at `now` (ms since the epoch). Uses that are pending count as taken, as
 * Synapse counts them (storage/databases/main/registration.py, registration_token_is_valid).
 */
export function tokenState(token: RegistrationToken, now: number): TokenState {
  if (token.expiresAt !== null && token.expiresAt < now) return 'expired';
  // Synapse takes a limit of 0 for none.
  const limit = token.usesAllowed === 0 ? null : token.usesAllowed;
  return limit !== null && token.completed + token.pending >= limit ? 'used' : 'open';
}
