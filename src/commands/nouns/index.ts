import type { Command } from '../command.ts';
import { help } from './help.ts';
import { language } from './language.ts';
import { tokenCommands } from './token.ts';
import { userCommands } from './user.ts';
import { version } from './version.ts';
import { whoami } from './whoami.ts';

/** All commands, in the order in which help lists them. */
export const commands: readonly Command[] = [
  help,
  ...userCommands,
  ...tokenCommands,
  whoami,
  language,
  version,
];
