import { Secret } from '../../core/secret.ts';

/** Shorter parts are words. */
const shortest = 8;

/**
 * A secret and, where it is an address, its parts: a server that complains of a path quotes the path
 * alone, and one that complains of a key the key.
 */
export function secretParts(secret: Secret<string>): readonly Secret<string>[] {
  const text = secret.reveal();
  if (!URL.canParse(text)) return [secret];
  const { pathname, search, searchParams } = new URL(text);
  const path = pathname.split('/').flatMap((part) => [part, decoded(part)]);
  const parts = [pathname + search, pathname, ...path, ...searchParams.values()];
  const known = new Set(parts.filter((part) => part.length >= shortest));
  return [secret, ...[...known].map((part) => new Secret(part))];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
