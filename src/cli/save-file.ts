import { writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';

const most = 1000;

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/**
 * Writes a file of an answer into the current folder, readable by us alone, and returns its name.
 * Never writes over anything: `log.txt` becomes `log-2.txt`.
 */
export function saveFile(name: string, content: Uint8Array): string {
  const plain = basename(name).replaceAll(/[^\w. -]/g, '_') || 'file';
  const ending = extname(plain);
  const stem = plain.slice(0, plain.length - ending.length);
  for (let nth = 1; nth <= most; nth += 1) {
    const tried = nth === 1 ? plain : `${stem}-${nth}${ending}`;
    try {
      writeFileSync(tried, content, { flag: 'wx', mode: 0o600 });
      return tried;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new Error(`${most} files with the name ${plain} are here already`);
}
