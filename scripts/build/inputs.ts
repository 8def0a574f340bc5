import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that the bundle is made of. */
const roots = [
  'src',
  'stubs',
  'scripts/build',
  'scripts/build.ts',
  'package.json',
  'package-lock.json',
];

function filesOf(path: string): string[] {
  if (/\.[a-z]+$/.test(path)) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** One hash over all inputs of the build, names and contents. */
export function inputsHash(): string {
  const hash = createHash('sha256');
  for (const file of roots.flatMap(filesOf)) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
