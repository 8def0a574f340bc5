import { indexCommands, nameOf, type CommandIndex } from './command-index.ts';
import type { Command } from './command.ts';
import { clashes, commandProblems, exampleProblems, shapeProblems } from './registry-problems.ts';

/** A mistake in the commands themselves: the program must not start. For programmers, not for people. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the commands can't be registered:\n${problems.join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Registers commands, all or none. Whatever the compiler could not check is checked here, so that a
 * command without a role, a change without steps or an example that does not parse never starts.
 * Throws {@link RegistryError} with everything that is wrong.
 */
export function createRegistry(commands: readonly Command[]): CommandIndex {
  const misshapen = commands.flatMap((command, position) =>
    shapeProblems(command).map((problem) => `command ${position}: ${problem}`),
  );
  if (misshapen.length > 0) throw new RegistryError(misshapen);
  const index = indexCommands(commands);
  const problems = commands.flatMap((command) =>
    [...commandProblems(command), ...exampleProblems(command, index)].map(
      (problem) => `${nameOf(command)}: ${problem}`,
    ),
  );
  const all = [...clashes(index), ...problems];
  if (all.length > 0) throw new RegistryError(all);
  return index;
}
