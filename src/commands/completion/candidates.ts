import { choicesOf } from '../choices.ts';
import { nameOf } from '../command-index.ts';
import type { Argument, Flag, CommandForm } from '../command-form.ts';
import { flagNames } from '../usage.ts';

/** A flag as shells complete it. */
export interface FlagCandidate {
  /** `--days` */
  readonly flag: string;
  readonly takesValue: boolean;
  /** Values that it takes; empty where any. */
  readonly choices: readonly string[];
}

/** A command as shells complete it. */
export interface CommandCandidate {
  /** `user add` */
  readonly name: string;
  /** One line about it, in the language of the person. */
  readonly about: string;
  readonly flags: readonly FlagCandidate[];
  /** Values by position; empty where any. */
  readonly arguments: readonly (readonly string[])[];
}

/** All that a completion script is made of. Everything is literal: completing runs no command. */
export interface Candidates {
  /** Name of the program in the shell. */
  readonly program: string;
  readonly commands: readonly CommandCandidate[];
  /** The terminal's own options, which stand with every command. */
  readonly options: readonly FlagCandidate[];
}

/** `help` and the words that it takes: they complete like those of commands, `help user` before `add`. */
function helpCandidates(
  help: CommandCandidate,
  commands: readonly CommandForm[],
): readonly CommandCandidate[] {
  const firstWords = [...new Set(commands.map((command) => command.words[0]))];
  return [
    { ...help, arguments: [] },
    ...firstWords.map((word) => ({
      name: `help ${word}`,
      about: '',
      flags: help.flags,
      arguments: [
        commands.flatMap(({ words }) =>
          words[0] === word && words.length === 2 ? [words[1]] : [],
        ),
      ],
    })),
  ];
}

/** What is completed of the registered commands; `help` takes their words. `about` says a summary in the person's language. */
export function candidatesOf(
  commands: readonly CommandForm[],
  about: (command: CommandForm) => string,
): readonly CommandCandidate[] {
  return commands.flatMap((command) => {
    const candidate = candidateOf(command, about(command));
    return candidate.name === 'help' ? helpCandidates(candidate, commands) : [candidate];
  });
}

function candidateOf(command: CommandForm, about: string): CommandCandidate {
  return {
    name: nameOf(command),
    about,
    flags: flagNames(command).map((name) => flagOf(name, command.flags[name])),
    arguments: Object.values<Argument>(command.arguments).map((each) =>
      safe(choicesOf(each.schema)),
    ),
  };
}

function flagOf(name: string, flag: Flag | undefined): FlagCandidate {
  const takesValue = flag?.value !== undefined;
  const choices = flag !== undefined && takesValue ? safe(choicesOf(flag.schema)) : [];
  return { flag: `--${name}`, takesValue, choices };
}

/** Only what no shell could take for anything but a word: the script puts it between quotes as it is. */
function safe(choices: readonly string[]): readonly string[] {
  return choices.filter((choice) => /^[\w.:@/-]+$/.test(choice));
}

/** The words that may follow `before` (empty: at the start), each with what it is about, if it ends a command. */
export function wordsAfter(
  before: string,
  { commands }: Candidates,
): readonly { readonly word: string; readonly about: string | null }[] {
  const found = new Map<string, string | null>();
  for (const { name, about } of commands) {
    const [first = '', second] = name.split(' ');
    if (before === '') found.set(first, found.get(first) ?? (second === undefined ? about : null));
    else if (first === before && second !== undefined)
      found.set(second, about === '' ? null : about);
  }
  return [...found].map(([word, about]) => ({ word, about }));
}

/** First words that have a second one. */
export function nounsOf({ commands }: Candidates): readonly string[] {
  const nouns = commands.flatMap(({ name }) =>
    name.includes(' ') ? [name.split(' ')[0] ?? ''] : [],
  );
  return [...new Set(nouns)];
}

/** Flags that take a value, each once. */
export function valuedFlags({ commands, options }: Candidates): readonly string[] {
  const all = [...options, ...commands.flatMap((command) => command.flags)];
  return [...new Set(all.filter((each) => each.takesValue).map((each) => each.flag))];
}
