import type { CommandIndex } from '../command-index.ts';
import type { Command } from '../command.ts';
import { bind } from './bind.ts';
import { charactersOf } from './characters.ts';
import { interpret } from './interpret.ts';
import { rawInputSchema, type Invocation } from './invocation.ts';
import { LineError } from './line-error.ts';
import { partsOf } from './parts.ts';
import { printInvocation } from './print.ts';
import { checkLength, tokenize, type Lexeme } from './tokenize.ts';

/**
 * What starts a command in a room; `！` is what Chinese keyboards make of it, and marks that nobody
 * sees (RTL keyboards, pasting) may stand before it.
 */
const prefix = /^[\s\u200B\u2060\u00AD\u200E\u200F\u061C]*[!！]/u;

/** Whether this text (after `ownText`) is a command and not talk. */
export function isCommandLine(text: string): boolean {
  return prefix.test(text);
}

/**
 * Understands a line from a room, with its `!`. Throws a {@link LineError} (an `AppError` with a
 * caret) for all that is wrong with it, and nothing else. Line breaks separate words like spaces,
 * but a second line that starts with `!` is refused: one command per message, nothing is half read.
 */
export function parseLine(index: CommandIndex, text: string): Invocation {
  const from = prefix.exec(text)?.[0].length ?? 0;
  const lexemes = tokenize(text, from);
  const second = lexemes.find((each, position) => position > 0 && startsCommand(each));
  if (second !== undefined) {
    throw new LineError('E_PARSE_SECOND_COMMAND', {}, { source: text, ...second });
  }
  return bind(index, { source: text, parts: partsOf(text, lexemes), prefix: '!' });
}

function startsCommand(lexeme: Lexeme): boolean {
  return lexeme.startsLine && lexeme.bare > 0 && isCommandLine(lexeme.text);
}

/**
 * Understands the words of the terminal (argv without program and global flags). The shell has
 * undone the quotes, so only `--` makes an operand of a word that starts with a dash. Throws like
 * {@link parseLine}.
 */
export function parseWords(index: CommandIndex, words: readonly string[]): Invocation {
  const lexemes: Lexeme[] = [];
  let source = '';
  for (const word of words) {
    const start = source === '' ? 0 : source.length + 1;
    source = `${source}${source === '' ? '' : ' '}${word === '' ? '""' : word}`;
    lexemes.push({ text: word, bare: word.length, start, end: source.length, startsLine: false });
  }
  checkLength(source);
  const cleaned = lexemes.map((each) => {
    const inWord = (offset: number): boolean => offset >= each.start && offset < each.end;
    const text = each.text === '' ? '' : textBetween(source, inWord);
    return { ...each, text, bare: text.length };
  });
  return bind(index, { source, parts: partsOf(source, cleaned), prefix: 'urtc ' });
}

function textBetween(source: string, inWord: (offset: number) => boolean): string {
  return charactersOf(source)
    .filter((each) => inWord(each.start))
    .map((each) => each.char)
    .join('');
}

/**
 * An invocation made again of what a job stored. Throws `E_ARGUMENT_INVALID` where the command's
 * schemas no longer take it (an update in between); an `Error` where it is no stored input at all.
 */
export function restoreInvocation(command: Command, stored: unknown): Invocation {
  const result = rawInputSchema.safeParse(stored);
  if (!result.success)
    throw new Error('not the stored input of a command', { cause: result.error });
  const raw = result.data;
  const source = printInvocation({ command, raw });
  return interpret(command, raw, () => ({ source, start: 0, end: source.length }), '');
}
