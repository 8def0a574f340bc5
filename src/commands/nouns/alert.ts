import type { Command } from '../command.ts';
import { alertAck } from './alert/ack.ts';
import { alertList } from './alert/list.ts';
import { alertShow } from './alert/show.ts';
import { silenceAdd } from './silence/add.ts';
import { silenceExpire } from './silence/expire.ts';
import { silenceExtend } from './silence/extend.ts';
import { silenceList } from './silence/list.ts';

/** Everything about alerts and silences. */
export const alertCommands: readonly Command[] = [
  alertList,
  alertShow,
  alertAck,
  silenceAdd,
  silenceList,
  silenceExtend,
  silenceExpire,
];
