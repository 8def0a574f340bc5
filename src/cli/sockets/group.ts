import { readFileSync } from 'node:fs';

/** Numbers of all groups that this user belongs to besides his own (`/etc/passwd`, `/etc/group`). */
export function groupsOfUser(
  uid: number,
  passwdFile = '/etc/passwd',
  groupFile = '/etc/group',
): readonly number[] {
  const fields = (file: string): string[][] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  const name = fields(passwdFile).find(([, , id]) => id === String(uid))?.[0];
  if (name === undefined) return [];
  return fields(groupFile)
    .filter(([, , , members = '']) => members.split(',').includes(name))
    .map(([, , id]) => Number(id))
    .filter((id) => Number.isInteger(id));
}

/** Numbers of a user of this machine and of his own group by his name (`/etc/passwd`); null where there is none. */
export function userNamed(
  name: string,
  passwdFile = '/etc/passwd',
): { readonly uid: number; readonly gid: number } | null {
  const line = readFileSync(passwdFile, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':').map(Number) ?? [];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid !== undefined && gid !== undefined
    ? { uid, gid }
    : null;
}

/** Number of a group of this machine by its name (`/etc/group`); null where there is none. */
export function groupId(name: string, groupFile = '/etc/group'): number | null {
  const line = readFileSync(groupFile, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const id = Number(line?.split(':')[2] ?? Number.NaN);
  return Number.isInteger(id) ? id : null;
}
