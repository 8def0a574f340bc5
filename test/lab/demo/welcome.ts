import { relative } from 'node:path';
import { launcher } from '../product.ts';
import type { House } from './house.ts';

/**
 * What a person needs to know at the start: where he is, how to join with another client, how to
 * use the terminal of this very bot.
 *
 * @param from Folder that paths are told from: where the person's shell is.
 */
export const welcome = (
  { person, password, recoveryKey, roomId, roomName, bot }: House,
  from: string,
): string => {
  const shown = (path: string): string => relative(from, path);
  const urtc = (words: string): string =>
    `node ${shown(launcher)} ${words} --config ${shown(bot.configFile)}`;
  return `
Home server  ${person.baseUrl}
User         ${person.userId}
Password     ${password}
Recovery key ${recoveryKey}
Room         ${roomName === '' ? '' : `${roomName}, `}${roomId}
Log          ${shown(bot.logFile)}

The room is end-to-end encrypted. Any Matrix client can join with these: it is a new device, so when
it asks you to verify it, choose the recovery key and type the one above; then the bot listens to it.
In another terminal:
  ${urtc('user list')}
  ${urtc('secret show CODE')}    (a password that was made, by its one-time code)
`;
};

/** How to go on at the prompt. */
export const hint = `Type !help, !user add alice, !user list, !user deactivate alice. Ctrl-C stops everything.
`;
