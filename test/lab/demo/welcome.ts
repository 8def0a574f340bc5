import { relative } from 'node:path';
import { launcher } from '../product.ts';
import type { House } from './house.ts';

/**
 * What a person needs to know at the start: where he is, how to join with another client, how to
 * use the terminal of this very bot.
 *
 * @param from Folder that paths are told from: where the person's shell is.
 */
export const welcome = (house: House, from: string): string => {
  const { person, password, recoveryKey, roomId, roomName, bot } = house;
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
${aboutAlerts(house)}${aboutCluster(house)}`;
};

/** An alert for Alertmanager's own door; no secret is needed there, and none stands in the line. */
const curl = (url: string): string => {
  const alert = { labels: { alertname: 'DiskLow', severity: 'critical', instance: 'attic' } };
  const data = `-H 'Content-Type: application/json' -d '${JSON.stringify([alert])}'`;
  return `curl -sS ${data} ${url}/api/v2/alerts`;
};

const aboutAlerts = ({ monitoring }: House): string =>
  monitoring === null
    ? ''
    : `
Alerts. Alertmanager ${monitoring.alertmanager.url} posts to the bot. In the room:
  !alert list   !alert test   !silence add 1h "new disk" alertname=DiskLow   !silence list
  /fire DiskLow critical   /end DiskLow       (by the demo, as Prometheus would)
A real alert from another terminal, which is over when it was not said again for 5 minutes:
  ${curl(monitoring.alertmanager.url)}
`;

const aboutCluster = ({ stack }: House): string =>
  stack === null
    ? ''
    : `
Cluster. The bot looks after the release ${stack.release} in the namespace ${stack.namespace} (pods without programs). In the room:
  !status   !health   !logs synapse   !restart element-web   !events
  /break synapse   /heal synapse              (by the demo: its pods crash, and are well again)
The bot tells it after 5 s by itself, and closes it 10 s after all is well (as a rule: 20 s, 60 s).
`;

/** How to go on at the prompt. */
export const hint = ({ monitoring, stack }: Pick<House, 'monitoring' | 'stack'>): string => {
  const commands = [
    ...['!help', '!user add alice', '!user list', '!user deactivate alice'],
    ...(monitoring === null ? [] : ['!alert test', '/fire DiskLow']),
    ...(stack === null ? [] : ['!status', '/break synapse']),
  ];
  return `Type ${commands.join(', ')}. Ctrl-C stops everything.\n`;
};
