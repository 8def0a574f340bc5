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

/**
 * The one way to write an invocation, without prefix: words, arguments, flags in the order of the
 * command's value. Parsing it gives the same invocation, save for arguments marked `secret`, which are
 * masked. Where an operand looks like a flag, all operands come last, after `--`,
 * so that the line means the same on the terminal.
 */
export function printInvocation({ command, raw }: Pick<Invocation, 'command' | 'raw'>): string {
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
    return [`--${name}=${printWord(value)}`];
  });
  const printed = operands.map(printWord);
  return operands.some(looksLikeFlag)
    ? [nameOf(command), ...flags, '--', ...printed].join(' ')
    : [nameOf(command), ...printed, ...flags].join(' ');
}
