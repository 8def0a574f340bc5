import { closeSync, openSync } from 'node:fs';

/** A user of this machine. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
  /** His other groups. */
  readonly groups: readonly number[];
}

/**
 * Tries to open a file for reading as somebody else, and returns what the system says; null: he may.
 * By trying, not by looking at modes: folders above it and access lists count, too. Only root can.
 */
export function readFailureOf(file: string, { uid, gid, groups }: SystemUser): unknown {
  const own = { groups: process.getgroups?.() ?? [], gid: process.getegid?.() ?? 0 };
  process.setgroups?.([gid, ...groups]);
  process.setegid?.(gid);
  process.seteuid?.(uid);
  try {
    closeSync(openSync(file, 'r'));
    return null;
  } catch (error) {
    return error;
  } finally {
    process.seteuid?.(0);
    process.setegid?.(own.gid);
    process.setgroups?.(own.groups);
  }
}
