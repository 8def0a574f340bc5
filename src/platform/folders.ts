import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the folder, which is given as an absolute path, and those above it where they are missing.
 * Throws what the system says. (Not `mkdirSync` with `recursive`: in a place where nobody can make
 * anything and the system answers ENOENT, such as /proc, Node 24 tries for ever.)
 */
export function makeFolders(folder: string, mode: number): void {
  const missing: string[] = [];
  for (let at = folder; statSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at)) {
    missing.push(at);
  }
  for (const each of missing.reverse()) makeOne(each, mode);
}

function makeOne(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Somebody else made it in the meantime.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
