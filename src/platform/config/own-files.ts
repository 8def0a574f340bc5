import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Text } from '../../core/text.ts';
import { systemCode, systemReason } from '../system-failure.ts';
import type { SecretSource } from './field-schemas.ts';
import type { Settings } from './schema.ts';

/** What a file of ours is for. */
export type OwnFileKind = 'config' | 'secret' | 'kubeconfig' | 'data-folder' | 'data' | 'folder';

/** A file or folder of ours, as the file system shows it. */
export interface OwnFile {
  /** Absolute. */
  readonly path: string;
  /** `folder`: one that holds the config or secrets. */
  readonly kind: OwnFileKind;
  readonly state:
    | { readonly is: 'seen'; /** The lowest twelve bits. */ readonly mode: number }
    | { readonly is: 'missing' }
    /** This user may not look. */
    | { readonly is: 'hidden'; readonly reason: Text };
}

/** So many files of the data folder are looked at. */
const most = 200;

function stateOf(path: string): OwnFile['state'] {
  try {
    return { is: 'seen', mode: statSync(path).mode & 0o7777 };
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');
    return isMissing ? { is: 'missing' } : { is: 'hidden', reason: systemReason(error) };
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .slice(0, most)
      .map(({ name }) => join(folder, name));
  } catch (error) {
    // The folder's own state says why.
    if (systemCode(error) === null) throw error;
    return [];
  }
}

/** The files that the settings name, and those that we made. Reads no content. */
export function ownFilesOf(file: string, settings: Settings): readonly OwnFile[] {
  const { bot, admin, key, alerts, kubernetes } = settings;
  const from = dirname(file);
  const sources: readonly (SecretSource | undefined)[] = [
    ...[bot.accessToken, admin.accessToken, key, alerts?.token],
  ];
  const secrets = sources.flatMap((source) =>
    source !== undefined && 'file' in source ? [resolve(from, source.file)] : [],
  );
  const kubeconfigs =
    kubernetes?.kubeconfig === undefined ? [] : [resolve(from, kubernetes.kubeconfig)];
  const data = resolve(from, settings.dataDir);
  const folders = [file, ...secrets, ...kubeconfigs].map((path) => dirname(path));
  const all: readonly (readonly [OwnFileKind, readonly string[]])[] = [
    ['config', [file]],
    ['secret', secrets],
    ['kubeconfig', kubeconfigs],
    ['data-folder', [data]],
    ['data', filesIn(data)],
    ['folder', folders],
  ];
  return all.flatMap(([kind, paths]) =>
    [...new Set(paths)].map((path): OwnFile => ({ path, kind, state: stateOf(path) })),
  );
}
