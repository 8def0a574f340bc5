import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { stringify } from 'yaml';
import { AppError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Secret } from '../../core/secret.ts';
import { say } from '../../core/text.ts';
import type { AccessSource } from '../kubernetes/access/access-source.ts';
import type { Namespace } from '../kubernetes/objects.ts';
import { systemCode, systemReason } from '../system-failure.ts';
import { SettingsDocument } from './document.ts';
import { readNotify, type NotifyConfig } from './notify-config.ts';
import { invalid, problemsOf } from './problems.ts';
import { settingsSchema, type Settings } from './schema.ts';
import { readKey, readSecret, type Environment } from './secrets.ts';

/** Which cluster, how to get in (paths absolute), and what of it is ours. */
export interface ClusterConfig {
  readonly from: AccessSource;
  readonly release: string;
  readonly namespace: Namespace;
}

/** The settings of a program that runs: checked, paths absolute, secrets read. */
export interface Config {
  /** Absolute path of the file. */
  readonly file: string;
  readonly settings: Settings;
  readonly folders: { readonly data: string; readonly sockets: string };
  readonly adminUrl: string;
  /** The cluster of the home server; null: the file names none. */
  readonly kubernetes: ClusterConfig | null;
  /** Ways out that need no Matrix; null: the file names none. */
  readonly notify: NotifyConfig | null;
  readonly secrets: {
    readonly botToken: Secret<string>;
    readonly adminToken: Secret<string>;
    /** 32 bytes. */
    readonly masterKey: Secret<Uint8Array>;
    /** The bearer of Alertmanager's posts; null: the bot takes no alerts. */
    readonly alertsToken: Secret<string> | null;
  };
}

const othersMayWrite = 0o002;

function readText(file: string): string {
  try {
    // Whoever writes this file says who commands the home server.
    if ((statSync(file).mode & othersMayWrite) !== 0) {
      const advice = say('config.others-may-write.next', {
        command: `chmod o-w -- ${shellWord(file)}`,
      });
      throw new AppError('E_CONFIG_UNTRUSTED', {
        ...{ file, advice, reason: say('config.others-may-write') },
      });
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (systemCode(error) === 'ENOENT') throw new AppError('E_CONFIG_MISSING', { file }, error);
    const params = { file, reason: systemReason(error), advice: '' };
    throw new AppError('E_CONFIG_UNREADABLE', params, error);
  }
}

/** A config file after reading: its settings, or everything that is wrong with it. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings; readonly document: SettingsDocument }
  | { readonly ok: false; readonly problems: readonly [AppError, ...AppError[]] };

/**
 * Reads and checks the file without its secrets. Throws `E_CONFIG_MISSING`, `E_CONFIG_UNREADABLE`,
 * `E_CONFIG_UNTRUSTED`, `E_CONFIG_SYNTAX`; what is wrong with single settings is returned, so that all can be shown.
 * `commands`: names that may stand under `roles`; null: not checked.
 */
export function readSettings(
  file: string,
  commands: readonly string[] | null = null,
): SettingsResult {
  const document = new SettingsDocument(readText(file));
  const syntax = document.syntaxError();
  if (syntax !== null) {
    throw new AppError('E_CONFIG_SYNTAX', { file, reason: say('settings.reason.syntax', syntax) });
  }
  const parsed = settingsSchema.safeParse(document.content() ?? {}, { jitless: true });
  if (!parsed.success) {
    const [first, ...others] = problemsOf(parsed.error, document, file);
    if (first === undefined) throw new Error('zod refused the settings without an issue');
    return { ok: false, problems: [first, ...others] };
  }
  const [unknown, ...more] = unknownCommands(parsed.data, commands, document, file);
  if (unknown !== undefined) return { ok: false, problems: [unknown, ...more] };
  if (parsed.data.people.length === 0) {
    return { ok: false, problems: [new AppError('E_CONFIG_NOBODY_ALLOWED', { file })] };
  }
  return { ok: true, settings: parsed.data, document };
}

function unknownCommands(
  settings: Settings,
  commands: readonly string[] | null,
  document: SettingsDocument,
  file: string,
): readonly AppError[] {
  if (commands === null) return [];
  return Object.keys(settings.roles)
    .filter((name) => !commands.includes(name))
    .map((name) => {
      const path = ['roles', name];
      const reason = say('settings.reason.command', { nearest: closest(name, commands) });
      return invalid(file, path, document.lineOf(path), reason);
    });
}

/**
 * Reads file and secrets. Throws what {@link readSettings} throws or returns as its first problem,
 * and `E_SECRET_UNREADABLE`, `E_SECRET_MODE`.
 */
export function loadConfig(
  path: string,
  environment: Environment,
  commands: readonly string[] | null = null,
): Config {
  const file = resolve(path);
  const result = readSettings(file, commands);
  if (!result.ok) throw result.problems[0];
  const { settings } = result;
  const folder = dirname(file);
  const token = (place: string, source: Settings['key']) =>
    readSecret(place, source, folder, environment);
  return {
    file,
    settings,
    folders: {
      data: resolve(folder, settings.dataDir),
      sockets: resolve(folder, settings.terminal.socketDir),
    },
    adminUrl: settings.admin.url ?? settings.homeserver.url,
    kubernetes: clusterOf(settings, folder),
    notify: readNotify(settings.notify, { file, folder, environment }),
    secrets: {
      botToken: token('bot.accessToken', settings.bot.accessToken),
      adminToken: token('admin.accessToken', settings.admin.accessToken),
      alertsToken:
        settings.alerts === undefined ? null : token('alerts.token', settings.alerts.token),
      masterKey: readKey('key', settings.key, folder, environment),
    },
  };
}

/** Where the settings' cluster is; null where they name none. `folder`: what a path starts from. */
export function clusterOf({ kubernetes }: Settings, folder: string): ClusterConfig | null {
  if (kubernetes === undefined) return null;
  const { kubeconfig, release, namespace } = kubernetes;
  const from: AccessSource =
    kubeconfig === undefined ? { inCluster: true } : { kubeconfig: resolve(folder, kubeconfig) };
  return { from, release, namespace };
}

/** The settings with all defaults as YAML. Secrets stand in it only as the places to read them from. */
export function settingsAsYaml(settings: Settings): string {
  return stringify(settings, { lineWidth: 0 });
}
