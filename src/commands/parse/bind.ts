import { say } from '../../core/text.ts';
import type { CommandIndex } from '../command-index.ts';
import { nameOf } from '../command-index.ts';
import type { Argument } from '../command-form.ts';
import type { Command } from '../command.ts';
import { flagNames, placeholder, usageOf } from '../usage.ts';
import { interpret } from './interpret.ts';
import { dryRunFlag, type Invocation, type RawInput } from './invocation.ts';
import { LineError, type Place } from './line-error.ts';
import { nearestCommand, nearestName } from './nearest.ts';
import type { Part } from './parts.ts';
import { shorten } from './shorten.ts';

/** A line cut into parts. `prefix` is what stands before a command where it was typed: `!` or `urtc `. */
export interface Line {
  readonly source: string;
  readonly parts: readonly Part[];
  readonly prefix: string;
}

/**
 * Finds the command of a line and gives it its arguments and flags. Throws a {@link LineError}:
 * `E_PARSE_EMPTY`, `E_COMMAND_UNKNOWN`, `E_COMMAND_INCOMPLETE`, `E_FLAG_*`, `E_ARGUMENT_*`.
 */
export function bind(index: CommandIndex, line: Line): Invocation {
  const help = askedForHelp(index, line);
  if (help !== null) return help;
  const { command, rest } = commandOf(index, line);
  const { raw, places } = rawInputOf(command, rest, line);
  return interpret(command, raw, (label) => places.get(label) ?? endOf(line), line.prefix);
}

/** `user add --help` means `help user add`: people try it first. */
function askedForHelp(index: CommandIndex, line: Line): Invocation | null {
  const help = index.find('help');
  const asked = line.parts.some((part) => part.kind === 'flag' && part.name === 'help');
  if (help === null || !asked) return null;
  const words = leadingWords(line).map((word) => word.value.toLowerCase());
  const longest = [2, 1, 0].find(
    (count) =>
      count === 0 ||
      index.find(words.slice(0, count).join(' ')) !== null ||
      (count === 1 && index.ofNoun(words[0] ?? '').length > 0),
  );
  const raw = { arguments: { command: words.slice(0, longest) }, flags: {} };
  return interpret(help, raw, () => endOf(line), line.prefix);
}

function leadingWords(line: Line): readonly Extract<Part, { kind: 'operand' }>[] {
  const words: Extract<Part, { kind: 'operand' }>[] = [];
  for (const part of line.parts.slice(0, 2)) {
    if (part.kind !== 'operand') break;
    words.push(part);
  }
  return words;
}

function commandOf(
  index: CommandIndex,
  line: Line,
): { readonly command: Command; readonly rest: readonly Part[] } {
  const words = leadingWords(line);
  const typed = words.map((word) => word.value.toLowerCase());
  for (const count of [2, 1]) {
    const command = typed.length < count ? null : index.find(typed.slice(0, count).join(' '));
    if (command !== null) return { command, rest: line.parts.slice(count) };
  }
  const first = line.parts[0];
  if (first === undefined) throw new LineError('E_PARSE_EMPTY', {}, endOf(line));
  const noun = typed[0] ?? '';
  const verbs = index.ofNoun(noun).map((command) => command.words[1] ?? '');
  if (verbs.length > 0 && typed.length === 1) {
    const params = { noun, verbs: verbs.join(', ') };
    throw new LineError('E_COMMAND_INCOMPLETE', params, words[0]?.place ?? endOf(line));
  }
  const last = verbs.length > 0 ? (words[1] ?? first) : first;
  throw new LineError(
    'E_COMMAND_UNKNOWN',
    {
      command: shorten(
        verbs.length > 0 ? typed.join(' ') : first.kind === 'flag' ? first.typed : noun,
      ),
      help: verbs.length > 0 ? `help ${noun}` : 'help',
      suggestion: suggestion('parse.suggestion.command', nearestCommand(typed, index)),
    },
    { ...last.place, start: first.place.start },
  );
}

function rawInputOf(
  command: Command,
  rest: readonly Part[],
  line: Line,
): { readonly raw: RawInput; readonly places: ReadonlyMap<string, Place> } {
  const flags: Record<string, string | true> = {};
  const operands: Extract<Part, { kind: 'operand' }>[] = [];
  const places = new Map<string, Place>();
  for (let position = 0; position < rest.length; position += 1) {
    const part = rest[position];
    if (part?.kind === 'operand') operands.push(part);
    if (part?.kind !== 'flag') continue;
    const label = `--${part.name}`;
    if (part.short || !flagNames(command).includes(part.name)) throw unknownFlag(command, part);
    if (places.has(label)) throw new LineError('E_FLAG_REPEATED', { flag: label }, part.place);
    places.set(label, part.place);
    if (!takesValue(command, part.name)) {
      if (part.value !== null)
        throw new LineError('E_FLAG_VALUE_EXTRA', { flag: label }, part.place);
      flags[part.name] = true;
      continue;
    }
    const next = rest[position + 1];
    if (part.value === null && next?.kind === 'operand') {
      places.set(label, next.place);
      flags[part.name] = next.value;
      position += 1;
    } else if (part.value !== null) flags[part.name] = part.value;
    else throw new LineError('E_FLAG_VALUE_MISSING', { flag: label }, part.place);
  }
  return { raw: { arguments: argumentsOf(command, operands, places, line), flags }, places };
}

function argumentsOf(
  command: Command,
  operands: readonly Extract<Part, { kind: 'operand' }>[],
  places: Map<string, Place>,
  line: Line,
): RawInput['arguments'] {
  const usage = `${line.prefix}${usageOf(command)}`;
  const given: Record<string, string | readonly string[]> = {};
  let taken = 0;
  for (const [name, argument] of Object.entries<Argument>(command.arguments)) {
    const label = placeholder(name);
    const words = operands.slice(taken, argument.rest === true ? undefined : taken + 1);
    const first = words[0];
    if (first === undefined) {
      if (argument.optional === true) continue;
      throw new LineError('E_ARGUMENT_MISSING', { argument: label, usage }, endOf(line));
    }
    taken += words.length;
    places.set(label, { ...first.place, end: words.at(-1)?.place.end ?? first.place.end });
    given[name] = argument.rest === true ? words.map((word) => word.value) : first.value;
  }
  const extra = operands[taken];
  if (extra === undefined) return given;
  throw new LineError('E_ARGUMENT_EXTRA', { value: shorten(extra.value), usage }, extra.place);
}

function takesValue(command: Command, flag: string): boolean {
  return flag !== dryRunFlag && command.flags[flag]?.value !== undefined;
}

function unknownFlag(command: Command, part: Extract<Part, { kind: 'flag' }>): LineError {
  const nearest = part.short ? null : nearestName(part.name, flagNames(command));
  return new LineError(
    'E_FLAG_UNKNOWN',
    {
      command: nameOf(command),
      flag: shorten(part.typed),
      suggestion: suggestion('parse.suggestion', nearest === null ? null : `--${nearest}`),
      advice: adviceOnFlag(command, part),
    },
    part.place,
  );
}

/** Flags that the terminal takes out of its line before there is a command. */
const terminalFlags: readonly string[] = ['yes', 'json', 'config', 'lang', 'no-color'];

function adviceOnFlag(
  command: Command,
  { name, short }: Extract<Part, { kind: 'flag' }>,
): ReturnType<typeof say> | '' {
  if (!short && terminalFlags.includes(name)) {
    return say('parse.flag.terminal', { command: nameOf(command), flag: `--${name}` });
  }
  return flagNames(command).length > 0 ? '' : say('parse.flag.none');
}

function suggestion(
  key: 'parse.suggestion' | 'parse.suggestion.command',
  nearest: string | null,
): ReturnType<typeof say> | '' {
  return nearest === null ? '' : say(key, { nearest });
}

function endOf(line: Line): Place {
  const end = line.source.trimEnd().length;
  return { source: `${line.source.trimEnd()} `, start: end + 1, end: end + 1 };
}
