import type { Command } from '../command.ts';
import { alertCommands } from './alert.ts';
import { audit } from './audit.ts';
import { botCommands } from './bot.ts';
import { bundle } from './bundle.ts';
import { cancel } from './cancel.ts';
import { configReload, configShow } from './config.ts';
import { doctor } from './doctor.ts';
import { error } from './error.ts';
import { events } from './events.ts';
import { healingPause, healingResume } from './healing.ts';
import { health } from './health.ts';
import { help } from './help.ts';
import { info } from './info.ts';
import { jobs } from './jobs.ts';
import { language } from './language.ts';
import { logs } from './logs.ts';
import { restart } from './restart.ts';
import { scale } from './scale.ts';
import { secretShow } from './secret.ts';
import { notifyTest } from './notify.ts';
import { perf } from './perf.ts';
import { status } from './status.ts';
import { tokenCommands } from './token.ts';
import { userCommands } from './user.ts';
import { version } from './version.ts';
import { whoami } from './whoami.ts';

/** All commands, in the order in which help lists them. */
export const commands: readonly Command[] = [
  help,
  status,
  health,
  doctor,
  info,
  events,
  perf,
  logs,
  bundle,
  restart,
  scale,
  healingPause,
  healingResume,
  ...userCommands,
  ...tokenCommands,
  secretShow,
  ...alertCommands,
  notifyTest,
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
