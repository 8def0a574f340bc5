import type { Command } from '../command.ts';
import { userAdd } from './user/add.ts';
import { userAdmin } from './user/admin.ts';
import { userDeactivate } from './user/deactivate.ts';
import { userList } from './user/list.ts';
import { userLock, userUnlock } from './user/lock.ts';
import { userPassword } from './user/password.ts';
import { userReactivate } from './user/reactivate.ts';
import { userRename } from './user/rename.ts';
import { userShow } from './user/show.ts';

/** `user …`: the accounts of the home server. */
export const userCommands: readonly Command[] = [
  userAdd,
  userList,
  userShow,
  userPassword,
  userAdmin,
  userLock,
  userUnlock,
  userDeactivate,
  userReactivate,
  userRename,
];
