import type { Command } from '../command.ts';
import { alertCommands } from './alert.ts';
import { audit } from './audit.ts';
import { botCommands } from './bot.ts';
import { cancel } from './cancel.ts';
import { configReload, configShow } from './config.ts';
import { error } from './error.ts';
import { help } from './help.ts';
import { jobs } from './jobs.ts';
import { language } from './language.ts';
import { secretShow } from './secret.ts';
import { status } from './status.ts';
import { tokenCommands } from './token.ts';
import { userCommands } from './user.ts';
import { version } from './version.ts';
import { whoami } from './whoami.ts';

/** All commands, in the order in which help lists them. */
export const commands: readonly Command[] = [
  help,
  status,
  ...userCommands,
  ...tokenCommands,
  secretShow,
  ...alertCommands,
  ...botCommands,
  jobs,
  cancel,
  audit,
  error,
  configShow,
  configReload,
  whoami,
  language,
  version,
];
