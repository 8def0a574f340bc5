import type { Command } from '../command.ts';
import { alertAck } from './alert/ack.ts';
import { alertList } from './alert/list.ts';
import { alertShow } from './alert/show.ts';
import { alertTest } from './alert/test.ts';
import { silenceAdd } from './silence/add.ts';
import { silenceExpire } from './silence/expire.ts';
import { silenceExtend } from './silence/extend.ts';
import { silenceList } from './silence/list.ts';
import { silenceShow } from './silence/show.ts';

/** Everything about alerts and silences. */
export const alertCommands: readonly Command[] = [
  alertList,
  alertShow,
  alertAck,
  alertTest,
  silenceAdd,
  silenceList,
  silenceShow,
  silenceExtend,
  silenceExpire,
];
