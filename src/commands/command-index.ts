import type { CommandForm } from './command-form.ts';
import type { Command } from './command.ts';

/** Commands by their words, as the parser asks for them. */
export interface CommandIndex<C extends CommandForm = Command> {
  readonly commands: readonly C[];
  /** `user add`; null where there is none. */
  find(name: string): C | null;
  /** The commands whose first word is this and that have a second one. */
  ofNoun(noun: string): readonly C[];
}

/** `user add` for a command: its name in the config, the audit log and the docs. */
export function nameOf(command: Pick<CommandForm, 'words'>): string {
  return command.words.join(' ');
}

/** Makes commands findable. Checks nothing: that is `createRegistry`'s. */
export function indexCommands<C extends CommandForm>(commands: readonly C[]): CommandIndex<C> {
  const byName = new Map(commands.map((command) => [nameOf(command), command]));
  const byNoun = new Map<string, C[]>();
  for (const command of commands.filter((each) => each.words.length === 2)) {
    byNoun.set(command.words[0], [...(byNoun.get(command.words[0]) ?? []), command]);
  }
  return {
    commands,
    find: (name) => byName.get(name) ?? null,
    ofNoun: (noun) => byNoun.get(noun) ?? [],
  };
}
