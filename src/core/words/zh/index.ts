import { common } from './common.ts';
import { errors } from './errors.ts';
import { help } from './help.ts';
import { parse } from './parse.ts';
import { render } from './render.ts';
import { values } from './values.ts';
import { daemon } from './daemon.ts';
import { confirm } from './confirm.ts';
import { audit } from './audit.ts';
import { status } from './status.ts';
import { steps } from './steps.ts';
import { config } from './config.ts';
import { jobs } from './jobs.ts';
import { users } from './users.ts';
import { tokens } from './tokens.ts';
import { cli } from './cli.ts';
import { chat } from './chat.ts';
import { identity } from './identity.ts';
import { sas } from './sas.ts';
import { stack } from './stack.ts';
import { cluster } from './cluster.ts';
import { kubernetes } from './kubernetes.ts';
import { logs } from './logs.ts';
import { bundle } from './bundle.ts';
import { restart } from './restart.ts';
import { scale } from './scale.ts';
import { feed } from './feed.ts';
import { healing } from './healing.ts';
import { alerts } from './alerts.ts';
import { doctor } from './doctor.ts';
import { diagnoses } from './diagnoses.ts';
import { alertRooms } from './alert-rooms.ts';
import { notify } from './notify.ts';

/** All words of this language; one file per area. */
export const words = {
  ...common,
  ...errors,
  ...help,
  ...parse,
  ...render,
  ...values,
  ...daemon,
  ...confirm,
  ...audit,
  ...status,
  ...steps,
  ...config,
  ...jobs,
  ...users,
  ...tokens,
  ...cli,
  ...chat,
  ...identity,
  ...sas,
  ...stack,
  ...cluster,
  ...kubernetes,
  ...logs,
  ...bundle,
  ...restart,
  ...scale,
  ...feed,
  ...healing,
  ...alerts,
  ...doctor,
  ...diagnoses,
  ...notify,
  ...alertRooms,
} as const;
