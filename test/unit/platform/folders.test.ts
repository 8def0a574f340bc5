import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolders } from '../../../src/platform/folders.ts';
import { tempFolder } from './store/temp-folder.ts';

it('makes all that is missing, with the mode, and leaves alone what is there', () => {
  const folder = join(tempFolder(), 'a', 'b');
  makeFolders(folder, 0o700);
  makeFolders(folder, 0o755);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('gives up at once where nobody can make anything', () => {
  expect(() => makeFolders('/proc/urtc/data', 0o700)).toThrow('ENOENT');
  expect(() => makeFolders('/dev/null/data', 0o700)).toThrow('ENOTDIR');
});
