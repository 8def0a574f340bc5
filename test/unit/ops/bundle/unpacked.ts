import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { tempFolder } from '../../platform/store/temp-folder.ts';

/** A bundle as the system's own `tar` unpacks it. */
export interface Unpacked {
  /** Where it was unpacked. */
  readonly folder: string;
  /** Texts by path, without the bundle's own folder in front. */
  readonly files: ReadonlyMap<string, string>;
  /** Paths in the order in which they stand in it. */
  readonly order: readonly string[];
}

/** Unpacks a `tar.gz`; throws what `tar` complains of. */
export function unpacked(bundle: Uint8Array): Unpacked {
  const folder = tempFolder();
  const archive = join(tempFolder(), 'bundle.tar.gz');
  writeFileSync(archive, bundle);
  const bare = (path: string): string => path.replace(/^[^/]+\//, '');
  execFileSync('gzip', ['--test', archive]);
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  const listed = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => [bare(relative(folder, path)), readFileSync(path, 'utf8')] as const);
  return {
    folder,
    files: new Map(files),
    order: listed.trimEnd().split('\n').map(bare),
  };
}
