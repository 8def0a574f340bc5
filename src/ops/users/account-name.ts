import { AppError } from '../../core/errors.ts';
import { longestLocalpart, parseLocalpart, type Localpart } from '../../core/ids.ts';

/** An account as a person names it: `alice` or `@alice:example.org`. */
export interface AccountName {
  readonly localpart: Localpart;
  /** The server as typed; null for a bare name. */
  readonly server: string | null;
}

/** Why a text names no account. */
export type NameProblem =
  | { readonly problem: 'grammar' }
  | { readonly problem: 'long' }
  /** Right but for its case; `suggestion` is the whole name in lower case. */
  | { readonly problem: 'case'; readonly suggestion: string };

const fullId = /^@([^:]*):(.+)$/s;

function localpart(text: string): Localpart | null {
  try {
    return parseLocalpart(text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'E_ID_INVALID') return null;
    throw error;
  }
}

/** Reads a name. Which server is ours is for {@link belongsTo}. */
export function readAccountName(text: string): AccountName | NameProblem {
  const [, inside, server] = fullId.exec(text) ?? [];
  const bare = inside ?? text;
  const exact = localpart(bare);
  if (exact !== null) return { localpart: exact, server: server ?? null };
  const beginning = localpart(bare.slice(0, longestLocalpart).toLowerCase());
  if (bare.length > longestLocalpart && beginning !== null) return { problem: 'long' };
  const lower = localpart(bare.toLowerCase());
  if (lower === null) return { problem: 'grammar' };
  const suggestion = server === undefined ? lower : `@${lower}:${server}`;
  return { problem: 'case', suggestion };
}

/** Whether the name means an account of `serverName` (names of servers have no case: RFC 4343). */
export function belongsTo(name: AccountName, serverName: string): boolean {
  return name.server === null || name.server.toLowerCase() === serverName.toLowerCase();
}

/**
 * Why Synapse would not make an account of this name although its grammar is right: names in digits
 * are its guests', names that begin with `_` its bridges' (handlers/register.py, check_username).
 */
export function newNameProblem(name: Localpart): 'digits' | 'underscore' | null {
  if (/^\d+$/.test(name)) return 'digits';
  return name.startsWith('_') ? 'underscore' : null;
}

/**
 * What to search for when somebody typed this: `@ali` and `@alice:example.org` are searched by
 * their localpart, since the home server compares that and the display name. Null: for nothing.
 */
export function searchTerm(text: string, serverName: string): string | null {
  const trimmed = text.trim();
  const own = `:${serverName}`;
  const local = trimmed.startsWith('@')
    ? trimmed.slice(1, trimmed.endsWith(own) ? -own.length : undefined)
    : trimmed;
  return local === '' ? null : local;
}
