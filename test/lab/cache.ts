import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { withBuildLock } from './build-lock.ts';

/** Tells a person what is being done now: one short line each. */
export type Progress = (text: string) => void;

/** Where the lab keeps what is slow to make: shared by all clones of one person. */
export const cacheFolder = (environment: NodeJS.ProcessEnv = process.env): string => {
  // An empty or relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification).
  const base = environment['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'urtc-lab');
};

/** One thing in the cache. */
export interface CacheEntry {
  /** What it is, part of the folder's name: `synapse`. */
  readonly name: string;
  /** Everything it is made of. If any of these changes, it is another entry. */
  readonly madeOf: readonly string[];
  /** Makes it in `folder` (exists, is empty); `final` is where it will lie afterwards. */
  readonly build: (folder: string, final: string) => Promise<void>;
  readonly progress?: Progress | undefined;
  /** How long another process may take to make it, in milliseconds. Default 15 minutes. */
  readonly patienceMs?: number;
  /** Default: {@link cacheFolder}. */
  readonly root?: string;
}

const keyOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

/** The folder of an entry, there or not. */
export const entryFolder = ({ name, madeOf, root = cacheFolder() }: Omit<CacheEntry, 'build'>) =>
  join(root, `${name}-${keyOf(madeOf)}`);

/**
 * Returns the folder of a cache entry, after building it if it is not there.
 *
 * It is built beside and then renamed, so a folder under the final name is always whole,
 * also after a kill -9 of the builder; what such a builder left is removed by the next one.
 * Two processes never build at the same time: the second waits and finds it made.
 */
export const cached = async (entry: CacheEntry): Promise<string> => {
  const { root = cacheFolder(), progress, patienceMs: timeoutMs } = entry;
  const final = entryFolder(entry);
  if (existsSync(final)) return final;
  mkdirSync(root, { recursive: true });
  await withBuildLock(
    `${final}.lock`,
    async () => {
      if (existsSync(final)) return;
      const unfinished = `${basename(final)}.unfinished`;
      for (const name of readdirSync(root)) {
        if (name.startsWith(unfinished)) rmSync(join(root, name), { recursive: true });
      }
      const folder = join(root, `${unfinished}-${process.pid}`);
      mkdirSync(folder);
      await entry.build(folder, final);
      renameSync(folder, final);
    },
    {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      onWait: () => progress?.(`another process makes ${entry.name} already, waiting for it`),
    },
  );
  return final;
};
