import { readFileSync } from 'node:fs';

/** Number of a group of this machine by its name (`/etc/group`); null where there is none. */
export function groupId(name: string, groupFile = '/etc/group'): number | null {
  const line = readFileSync(groupFile, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const id = Number(line?.split(':')[2] ?? Number.NaN);
  return Number.isInteger(id) ? id : null;
}
