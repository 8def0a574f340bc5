import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { closersOf } from '../parse/quotes.ts';

// No vowels (no words come out of it), nothing that is read as something else (0 O, 1 I L, U V).
const letters = 'BCDFGHJKMNPQRSTWXYZ';
const digits = '23456789';
const alphabet = letters + digits;
const codeLength = 4;
const shape = new RegExp(`^(?=.*[${digits}])(?=.*[${letters}])[${alphabet}]{${codeLength}}$`);
// Soft hyphen, zero-width marks, direction marks and the byte order mark: phones and copying add them.
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

function canonical(text: string): string {
  return unwrapped(text.normalize('NFKC').replace(invisible, '').trim()).trim().toUpperCase();
}

/** The question shows the code as `K7QD` where there is no markup; it is typed back as it stands. */
function unwrapped(text: string): string {
  const first = text.charAt(0);
  const closers = first === '`' ? '`' : (closersOf(first) ?? '');
  const isWrapped = text.length > 1 && closers.includes(text.slice(-1));
  return isWrapped ? text.slice(1, -1) : text;
}

/**
 * A code for one question: four characters with at least one letter and one digit, about 400 000
 * possibilities. Five wrong tries withdraw a question, so that guessing hits once in 80 000.
 */
export function newCode(): string {
  for (;;) {
    const code = Array.from(
      { length: codeLength },
      () => alphabet[randomInt(alphabet.length)],
    ).join('');
    if (shape.test(code)) return code;
  }
}

/** Whether a message is nothing but something with the form of a code (any case, blanks,
 * backticks or quotes around it). */
export function looksLikeCode(body: string): boolean {
  return body.length <= 40 && shape.test(canonical(body));
}

/** Compares without telling by its duration how much was right. */
export function sameCode(typed: string, code: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(canonical(typed)), digest(canonical(code)));
}
