import type { Place } from './line-error.ts';
import type { Lexeme } from './tokenize.ts';

/** One word of a line by what it is for. `typed` is for messages. */
export type Part =
  | { readonly kind: 'operand'; readonly value: string; readonly place: Place }
  | {
      readonly kind: 'flag';
      /** Lower case, with plain dashes, without those in front. */
      readonly name: string;
      /** As written before `=`, e.g. `--dry-run` or `-x`. */
      readonly typed: string;
      /** `-x`: no command has such a flag. */
      readonly short: boolean;
      /** Null: no `=`. */
      readonly value: string | null;
      readonly place: Place;
    };

const dash = '[-\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]';
const typographic = '[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]';
const separator = new RegExp(`^(?:--|-?${typographic}{1,2})$`, 'u');
const long = new RegExp(`^(?:--|-?${typographic}{1,2}(?=\\p{L}))`, 'u');
const short = /^-(?=\p{L})/u;
const anyDash = new RegExp(dash, 'gu');

/**
 * Tells flags from operands. `--name`, `--name=VALUE`; phones make `—` or `–` of `--`, so those count
 * before a letter. What is quoted or stands after `--` is an operand, whatever it begins with; a
 * lone `-` and a negative number are operands too.
 */
export function partsOf(source: string, lexemes: readonly Lexeme[]): readonly Part[] {
  const parts: Part[] = [];
  let onlyOperands = false;
  for (const lexeme of lexemes) {
    if (!onlyOperands && isBare(lexeme) && separator.test(lexeme.text)) onlyOperands = true;
    else parts.push((onlyOperands ? null : flagOf(source, lexeme)) ?? operandOf(source, lexeme));
  }
  return parts;
}

function isBare(lexeme: Lexeme): boolean {
  return lexeme.bare === lexeme.text.length;
}

function operandOf(source: string, { text, start, end }: Lexeme): Part {
  return { kind: 'operand', value: text, place: { source, start, end } };
}

function flagOf(source: string, lexeme: Lexeme): Part | null {
  const { text, bare, start, end } = lexeme;
  const front = long.exec(text)?.[0] ?? short.exec(text)?.[0];
  if (front === undefined || front.length > bare) return null;
  const equals = text.slice(0, bare).search(/[=＝]/u);
  const head = equals === -1 ? text : text.slice(0, equals);
  const name = head.slice(front.length).replace(anyDash, '-').toLowerCase();
  const isShort = front === '-';
  return {
    kind: 'flag',
    name,
    typed: `${isShort ? '-' : '--'}${name}`,
    short: isShort,
    value: equals === -1 ? null : text.slice(equals + 1),
    place: { source, start, end },
  };
}

/** Whether the word would be read as a flag or as `--` if it stood there without quotes. */
export function looksLikeFlag(word: string): boolean {
  return separator.test(word) || long.test(word) || short.test(word);
}
