/** Synapse's limit in UTF-16 units or more (handlers/profile.py, MAX_DISPLAYNAME_LEN, code points). */
export const longestDisplayName = 256;

/** Why a text is no display name. */
export type DisplayNameProblem = 'empty' | 'long' | 'invisible';

/**
 * Control characters, and those that turn the direction of what follows: with them a name can be
 * made to look like another one (Unicode TR 36, §2.5).
 */
const invisible = /[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u;

/** Null where the text, without white space around it, is fit to be a display name. */
export function displayNameProblem(text: string): DisplayNameProblem | null {
  const name = text.trim();
  if (name === '') return 'empty';
  if (Array.from(name).length > longestDisplayName) return 'long';
  return invisible.test(name) ? 'invisible' : null;
}
