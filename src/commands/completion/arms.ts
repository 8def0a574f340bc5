import { nounsOf, wordsAfter, type Candidates, type FlagCandidate } from './candidates.ts';

/** How a shell's script writes what it offers. */
export interface ArmStyle {
  readonly word: (word: string, about: string | null) => string;
  readonly flag: (flag: FlagCandidate) => string;
  readonly choice: (choice: string) => string;
  /** One arm of a `case`, with its line break; empty where there is nothing to offer. */
  readonly arm: (pattern: string, offered: readonly string[]) => string;
}

/**
 * The arms of the three look-ups that the scripts of bash and zsh are made of: the words after some
 * words, the flags of a command, and the values at a position (`user add 2`) or of a flag.
 */
export function armsOf(
  candidates: Candidates,
  { word, flag, choice, arm }: ArmStyle,
): { readonly words: string; readonly flags: string; readonly values: string } {
  const { commands, options } = candidates;
  const valuesOf = (pattern: string, choices: readonly string[]): string =>
    arm(pattern, choices.map(choice));
  return {
    words: ['', ...nounsOf(candidates)]
      .map((before) =>
        arm(
          before,
          wordsAfter(before, candidates).map((each) => word(each.word, each.about)),
        ),
      )
      .join(''),
    flags: commands.map(({ name, flags }) => arm(name, flags.map(flag))).join(''),
    values: [
      ...commands.flatMap(({ name, arguments: given, flags }) => [
        ...given.map((choices, position) => valuesOf(`${name} ${position + 1}`, choices)),
        ...flags.map((each) => valuesOf(`${name} ${each.flag}`, each.choices)),
      ]),
      ...options.map((each) => valuesOf(each.flag, each.choices)),
    ].join(''),
  };
}
