import { nameOf } from '../command-index.ts';
import { flagNames } from '../usage.ts';
import type { Invocation } from './invocation.ts';
import { looksLikeFlag } from './parts.ts';

const plain = /^[\p{L}\p{M}\p{N}@._:/+=,%-]+$/u;
const mask = '[secret]';

/** A word as it can be typed: quoted where it has to be, always on one line. */
export function printWord(word: string): string {
  if (plain.test(word) && !looksLikeFlag(word)) return word;
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

/** What no shell makes anything of (POSIX, Shell Command Language, 2.2 Quoting). */
const plainInShell = /^[A-Za-z0-9@._:/+,-][A-Za-z0-9@._:/+=,%-]*$/;

/**
 * A word as a shell hands it on unchanged. A line that is to be copied into root's shell can hold
 * what somebody else typed in a room: `$(…)` must be no more than text there.
 */
export function printShellWord(word: string): string {
  return plainInShell.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The one way to write an invocation, without prefix: words, arguments, flags in the order of the
 * command's value. Parsing it gives the same invocation, save for arguments marked `secret`, which are
 * masked. Where an operand looks like a flag, all operands come last, after `--`,
 * so that the line means the same on the terminal. `print`: how a word is written, by default as it
 * is typed in a room; with {@link printShellWord} the line is for a shell.
 */
export function printInvocation(
  { command, raw }: Pick<Invocation, 'command' | 'raw'>,
  print: (word: string) => string = printWord,
): string {
  const operands: string[] = [];
  for (const [name, argument] of Object.entries(command.arguments)) {
    const value = raw.arguments[name];
    const words = value === undefined ? [] : typeof value === 'string' ? [value] : value;
    operands.push(...words.map((word) => (argument.secret === true ? mask : word)));
  }
  const flags = flagNames(command).flatMap((name) => {
    const value = raw.flags[name];
    if (value === undefined) return [];
    if (value === true) return [`--${name}`];
    return [`--${name}=${print(value)}`];
  });
  if (operands.some(looksLikeFlag)) {
    return [nameOf(command), ...flags, printOperands(operands, print)].join(' ');
  }
  return [nameOf(command), ...operands.map(print), ...flags].join(' ');
}

/** Operands as they can be typed at the end of a line: after `--` where one looks like a flag. */
export function printOperands(
  operands: readonly string[],
  print: (word: string) => string = printWord,
): string {
  return [...(operands.some(looksLikeFlag) ? ['--'] : []), ...operands.map(print)].join(' ');
}
