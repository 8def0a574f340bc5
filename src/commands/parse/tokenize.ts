import type { Character } from './characters.ts';
import { charactersOf } from './characters.ts';
import { LineError, type Span } from './line-error.ts';
import { apostrophes, closersOf } from './quotes.ts';

/** Most that is read of one line, in UTF-8 bytes. */
export const lineLimit = 16 * 1024;

/** A word of a line: quotes and backslashes are undone, the place stays that of what was typed. */
export interface Lexeme extends Span {
  readonly text: string;
  /** How many UTF-16 units of `text` stand before the first quote or backslash. */
  readonly bare: number;
  /** It stands first on a line after the first one. */
  readonly startsLine: boolean;
}

/** Throws `E_PARSE_TOO_LONG` for more than {@link lineLimit}. */
export function checkLength(source: string): void {
  const bytes = Buffer.byteLength(source);
  if (bytes > lineLimit) {
    const params = { size: { bytes }, limit: { bytes: lineLimit } };
    throw new LineError('E_PARSE_TOO_LONG', params, { source, start: 0, end: 0 });
  }
}

/**
 * Splits a typed line into words, without any shell: nothing is expanded or run.
 *
 * - Spaces and line breaks separate. Inside quotes they belong to the word.
 * - A double quote (or „ “ « 「 『 …) opens anywhere; a single one only at the start of a word or after
 *   `--flag=`, and between two letters it is an apostrophe everywhere (`O’Brien`, `'it's'`).
 * - A backslash takes the next character as it is, except in single quotes; in double quotes `\n` is
 *   a line break, so that every value has a form on one line.
 *
 * Throws `E_PARSE_TOO_LONG`, `E_PARSE_CHARACTER`, `E_PARSE_QUOTE` (placed at the open quote).
 */
export function tokenize(source: string, from = 0): readonly Lexeme[] {
  checkLength(source);
  const characters = charactersOf(source).filter((each) => each.start >= from);
  const lexemes: Lexeme[] = [];
  let position = 0;
  let startsLine = false;
  while (position < characters.length) {
    const { char } = characters[position] ?? { char: '' };
    if (char === ' ' || char === '\n') {
      startsLine ||= char === '\n';
      position += 1;
      continue;
    }
    const word = readWord(source, characters, position);
    lexemes.push({ ...word.lexeme, startsLine });
    position = word.next;
    startsLine = false;
  }
  return lexemes;
}

const afterFlag = /^[-\u2010-\u2015\u2212\uFE58\uFE63\uFF0D][^=＝]*[=＝]$/u;

interface Word {
  readonly lexeme: Omit<Lexeme, 'startsLine'>;
  readonly next: number;
}

function readWord(source: string, characters: readonly Character[], first: number): Word {
  const charAt = (index: number): string => characters[index]?.char ?? '';
  let text = '';
  let bare: number | null = null;
  let position = first;
  for (;;) {
    const char = charAt(position);
    if (char === '' || char === ' ' || char === '\n') break;
    const opens =
      !apostrophes.has(char) || position === first || (bare === null && afterFlag.test(text));
    const closers = opens ? closersOf(char) : null;
    if (closers !== null && !isApostrophe(charAt, position)) {
      bare ??= text.length;
      const quoted = readQuoted(source, characters, position, closers);
      text += quoted.text;
      position = quoted.next;
    } else if (char === '\\') {
      bare ??= text.length;
      text += position + 1 < characters.length ? charAt(position + 1) : '\\';
      position += 2;
    } else {
      text += char;
      position += 1;
    }
  }
  const start = characters[first]?.start ?? 0;
  const end = characters[Math.min(position, characters.length) - 1]?.end ?? start;
  return { lexeme: { text, bare: bare ?? text.length, start, end }, next: position };
}

function isApostrophe(charAt: (index: number) => string, position: number): boolean {
  return (
    apostrophes.has(charAt(position)) &&
    /^\p{L}$/u.test(charAt(position - 1)) &&
    /^\p{L}$/u.test(charAt(position + 1))
  );
}

function readQuoted(
  source: string,
  characters: readonly Character[],
  first: number,
  closers: string,
): { readonly text: string; readonly next: number } {
  const charAt = (index: number): string => characters[index]?.char ?? '';
  const escapes = !apostrophes.has(charAt(first));
  let text = '';
  let position = first + 1;
  while (position < characters.length) {
    const char = charAt(position);
    if (closers.includes(char) && !isApostrophe(charAt, position)) {
      return { text, next: position + 1 };
    }
    if (char === '\\' && escapes && position + 1 < characters.length) {
      const escaped = charAt(position + 1);
      text += escaped === 'n' ? '\n' : escaped;
      position += 2;
    } else {
      text += char;
      position += 1;
    }
  }
  const { start, end } = characters[first] ?? { start: 0, end: 0 };
  throw new LineError('E_PARSE_QUOTE', {}, { source, start, end });
}
