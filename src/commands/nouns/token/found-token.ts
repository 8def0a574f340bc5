import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { say, type Phrase, type Text } from '../../../core/text.ts';
import { tokenState } from '../../../ops/users/registration-token.ts';
import type { RegistrationToken } from '../../../platform/users/registration-tokens.ts';
import type { Capabilities } from '../../capabilities.ts';
import { because } from '../../parse/reason.ts';

/** Handle of a token as `token list` shows it, in either case. */
export const tokenHandle = z
  .string()
  .trim()
  .toLowerCase()
  .refine((text) => /^t[a-z0-9]{4,12}$/.test(text), because('token.reason.handle'));

/** What a job on this token holds, and what its sealed secret opens. */
export const tokenKey = (handle: string): string => `token:${handle}`;

/** What finding a token by its handle needs. */
export interface TokenContext {
  readonly registrationTokens: Capabilities['registrationTokens'];
  readonly tokenNotes: Capabilities['tokenNotes'];
  readonly signal: AbortSignal;
}

/**
 * The token with this handle, or null. A token's only id is the token itself, which nobody types
 * into a room; so the home server's list is gone through.
 */
export async function findToken(
  { registrationTokens, tokenNotes, signal }: TokenContext,
  handle: string,
): Promise<RegistrationToken | null> {
  const all = await registrationTokens.list(signal);
  return all.find(({ token }) => tokenNotes.handleOf(token) === handle) ?? null;
}

/** {@link findToken}, for what needs it. Throws `E_TOKEN_UNKNOWN`. */
export async function resolveToken(
  context: TokenContext,
  handle: string,
): Promise<RegistrationToken> {
  const found = await findToken(context, handle);
  if (found === null) throw new AppError('E_TOKEN_UNKNOWN', { token: handle });
  return found;
}

/** How many accounts a token may make. */
export function shownLimit({ usesAllowed }: Pick<RegistrationToken, 'usesAllowed'>): Text {
  return usesAllowed ?? say('token.unlimited');
}

/** When a token ends. */
export function shownEnd({ expiresAt }: Pick<RegistrationToken, 'expiresAt'>): Text {
  return expiresAt === null ? say('token.never') : { moment: expiresAt };
}

/** What a token still is at `now` (ms since the epoch). */
export function shownState(token: RegistrationToken, now: number): Phrase {
  return say(`token.state.${tokenState(token, now)}`);
}
