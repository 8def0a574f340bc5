import { statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { roles } from '../../core/roles.ts';
import type { Secret } from '../../core/secret.ts';
import { shellWord } from '../../core/shell-word.ts';
import { say } from '../../core/text.ts';
import { readFailureOf, type SystemUser } from '../../platform/config/as-user.ts';
import type { Settings } from '../../platform/config/schema.ts';
import { notifySecrets, readNotifySecret } from '../../platform/config/notify-config.ts';
import { readKey, readSecret, type Environment } from '../../platform/config/secrets.ts';
import { systemCode } from '../../platform/system-failure.ts';
import { folderProblem } from '../folder-problem.ts';
import { groupId, groupsOfUser, userNamed } from '../sockets/group.ts';
import { mistake, type Finding } from './finding.ts';

/** What can be known of a config without the home server. */
export interface MachineCheck {
  readonly findings: readonly Finding[];
  /** Null: it could not be read; a finding says why. */
  readonly botToken: Secret<string> | null;
  readonly adminToken: Secret<string> | null;
}

/** Checks secrets, groups and folders. `file`: absolute path of the config. */
export function checkMachine(
  file: string,
  settings: Settings,
  environment: Environment,
  passwdFile = '/etc/passwd',
): MachineCheck {
  const folder = dirname(file);
  const findings: Finding[] = [];
  const hidden: string[] = [];
  const attempt = <Value>(place: string, read: () => Value): Value | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // A user who may read the config but not its secrets can still check the rest.
      if (systemCode(error.cause) === 'EACCES') hidden.push(place);
      else findings.push(mistake(error));
      return null;
    }
  };
  const { bot, admin, key } = settings;
  const secret = (place: string, source: Settings['key']) =>
    attempt(place, () => readSecret(place, source, folder, environment));
  const botToken = secret('bot.accessToken', bot.accessToken);
  const adminToken = secret('admin.accessToken', admin.accessToken);
  attempt('key', () => readKey('key', key, folder, environment));
  for (const each of notifySecrets(settings.notify)) {
    attempt(each.place, () => readNotifySecret(each, folder, environment));
  }
  if (hidden.length > 0) findings.push({ kind: 'note', text: say('cli.config-not-read') });
  if (botToken !== null && botToken.reveal() === adminToken?.reveal()) {
    const reason = say('settings.reason.same-token');
    findings.push(
      mistake(new AppError('E_CONFIG_INVALID', { file, place: 'admin.accessToken', reason })),
    );
  }
  findings.push(...groups(file, settings), ...dataFolder(resolve(folder, settings.dataDir)));
  findings.push(...ofOtherOwners(file, settings, passwdFile), ...withoutEffect(settings));
  return { findings, botToken, adminToken };
}

function groups(file: string, { terminal }: Settings): readonly Finding[] {
  return roles.flatMap((role) => {
    const name = terminal.groups[role];
    if (name === null || groupId(name) !== null) return [];
    const reason = say('settings.reason.group-make', { command: `groupadd -- ${shellWord(name)}` });
    const place = `terminal.groups.${role}`;
    return [mistake(new AppError('E_CONFIG_INVALID', { file, place, reason }))];
  });
}

function nearest(folder: string): { readonly path: string; readonly stats: Stats } {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats === undefined ? nearest(dirname(folder)) : { path: folder, stats };
}

function dataFolder(folder: string): readonly Finding[] {
  try {
    const { path, stats } = nearest(folder);
    if (!stats.isDirectory()) {
      const reason = say('settings.reason.folder', { cause: say('system.ENOTDIR') });
      const params = { file: folder, place: 'dataDir', reason };
      return [mistake(new AppError('E_CONFIG_INVALID', params))];
    }
    if (path === folder) return [];
    return [{ kind: 'note', text: say('config.data-missing', { folder }) }];
  } catch (error) {
    return [mistake(folderProblem(error, 'dataDir', folder))];
  }
}

/** Settings that are right by themselves and do nothing here. */
function withoutEffect({ kubernetes, healing, people }: Settings): readonly Finding[] {
  const findings: Finding[] = [];
  if (people.every(({ role }) => role === 'viewer')) {
    const text = say('config.only-readers');
    findings.push({ kind: 'warning', text, next: say('config.only-readers.next') });
  }
  if (healing.enabled && kubernetes === undefined) {
    const text = say('config.healing-no-cluster');
    findings.push({ kind: 'warning', text, next: say('config.healing-no-cluster.next') });
  }
  const path = kubernetes?.storagePath;
  if (path !== undefined && !mayBeThere(path)) {
    const text = say('config.storage-missing', { path });
    findings.push({ kind: 'warning', text, next: say('config.storage-missing.next') });
  }
  return findings;
}

/** False only where the system says that there is no such folder: K3s closes its own to others. */
function mayBeThere(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return false;
    if (systemCode(error) === null) throw error;
    return true;
  }
}

/** Whom the unit runs the bot as (deploy/systemd). */
const userOfUnit = 'urtc';

/** The owner of the data folder; before the first start, which makes it, the user of the unit. Null: root. */
function botsUser(folder: string, passwdFile: string): SystemUser | null {
  const { path, stats } = nearest(folder);
  const isThere = path === folder || stats.uid !== 0;
  const found = isThere ? stats : userNamed(userOfUnit, passwdFile);
  if (found === null || found.uid === 0) return null;
  return { uid: found.uid, gid: found.gid, groups: groupsOfUser(found.uid, passwdFile) };
}

/** Files that root can read and the bot's user can not. */
function ofOtherOwners(file: string, settings: Settings, passwdFile: string): readonly Finding[] {
  if (process.getuid?.() !== 0) return [];
  const folder = dirname(file);
  const user = botsUser(resolve(folder, settings.dataDir), passwdFile);
  if (user === null) return [];
  const whose = (path: string) => {
    const command = `chown ${user.uid}:${user.gid} -- ${shellWord(path)}`;
    const reason = say('settings.reason.other-owner', { uid: user.uid, command });
    return { reason, advice: say('secret.other-owner.next') };
  };
  const failure = readFailureOf(file, user);
  const config =
    failure === null
      ? []
      : [
          mistake(
            new AppError(
              'E_CONFIG_UNREADABLE',
              { file, reason: whose(file).reason, advice: '' },
              failure,
            ),
          ),
        ];
  const kubeconfig = settings.kubernetes?.kubeconfig;
  const secrets: readonly (readonly [place: string, source: Settings['key']])[] = [
    ['bot.accessToken', settings.bot.accessToken],
    ['admin.accessToken', settings.admin.accessToken],
    ['key', settings.key],
    ...(kubeconfig === undefined ? [] : [['kubernetes.kubeconfig', { file: kubeconfig }] as const]),
    ...notifySecrets(settings.notify).map(({ place, source }) => [place, source] as const),
  ] as const;
  const closed = secrets.flatMap(([place, source]) => {
    if (!('file' in source)) return [];
    const path = resolve(folder, source.file);
    const failure = readFailureOf(path, user);
    if (failure === null || systemCode(failure) === 'ENOENT') return [];
    const params = { place, source: path, ...whose(path) };
    return [mistake(new AppError('E_SECRET_UNREADABLE', params, failure))];
  });
  return [...config, ...closed];
}
