import type { Command } from './command.ts';

/** Commands by their words, as the parser asks for them. */
export interface CommandIndex {
  readonly commands: readonly Command[];
  /** `user add`; null where there is none. */
  find(name: string): Command | null;
  /** The commands whose first word is this and that have a second one. */
  ofNoun(noun: string): readonly Command[];
}

/** `user add` for a command: its name in the config, the audit log and the docs. */
export function nameOf(command: Pick<Command, 'words'>): string {
  return command.words.join(' ');
}

/** Makes commands findable. Checks nothing: that is `createRegistry`'s. */
export function indexCommands(commands: readonly Command[]): CommandIndex {
  const byName = new Map(commands.map((command) => [nameOf(command), command]));
  const byNoun = new Map<string, Command[]>();
  for (const command of commands.filter((each) => each.words.length === 2)) {
    byNoun.set(command.words[0], [...(byNoun.get(command.words[0]) ?? []), command]);
  }
  return {
    commands,
    find: (name) => byName.get(name) ?? null,
    ofNoun: (noun) => byNoun.get(noun) ?? [],
  };
}
