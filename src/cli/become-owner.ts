import { accessSync, constants, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { groupsOfUser } from './sockets/group.ts';

function nearestExisting(folder: string): Stats {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found ?? nearestExisting(dirname(folder));
}

/**
 * Root becomes whoever the data folder belongs to, for good: what a command writes must belong to
 * the bot, and nothing needs more. Where the folder is root's own, nothing changes.
 */
export function becomeOwnerOf(folder: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = nearestExisting(folder);
  if (uid === 0) return;
  process.setgroups?.([gid, ...groupsOfUser(uid)]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

/** Throws `E_TERMINAL_NO_BOT` unless this user may work in the data folder. */
export function assertMayWorkIn(folder: string): void {
  try {
    nearestExisting(folder);
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) return;
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AppError('E_TERMINAL_NO_BOT', {}, error);
  }
}
