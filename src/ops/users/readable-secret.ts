import { randomInt } from 'node:crypto';
import { Secret } from '../../core/secret.ts';

/**
 * Lower-case consonants and digits: no vowels, so that no words come about; none of `l 1 o 0 i`,
 * which are taken for one another when they are copied from a screen by hand.
 */
const alphabet = 'bcdfghjkmnpqrstvwxz23456789';
const groups = 4;
const groupLength = 5;

/** Entropy of {@link makeReadableSecret} in bits; 90 is the least that the house accepts. */
export const readableSecretBits = groups * groupLength * Math.log2(alphabet.length);

/**
 * A new password or registration token that a person can read out and type: `k3mzp-…`, four groups
 * of five. The dash is allowed in Synapse's registration tokens (`[A-Za-z0-9._~-]`, at most 64).
 */
export function makeReadableSecret(): Secret<string> {
  const letter = () => alphabet.charAt(randomInt(alphabet.length));
  const group = () => Array.from({ length: groupLength }, letter).join('');
  return new Secret(Array.from({ length: groups }, group).join('-'));
}
