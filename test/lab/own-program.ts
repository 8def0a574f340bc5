import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that a machine may have already. */
export interface WantedProgram {
  readonly name: string;
  /** What it is asked for its version with, and what of the answer makes it fit. */
  readonly ask: readonly string[];
  readonly fits: RegExp;
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
};

const isOfTheVersion = async (path: string, { ask, fits }: WantedProgram): Promise<boolean> => {
  try {
    const { stdout, stderr } = await run(path, [...ask], { timeout: 10_000 });
    // Where a program says its version changed with the library that reads its flags.
    return fits.test(stdout) || fits.test(stderr);
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
};

/** The folders of the PATH, but for those that hang on where the run was started. */
export const foldersOnPath = (environment: NodeJS.ProcessEnv): readonly string[] =>
  (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));

/** The first in these folders that is of the right version; undefined: none is. */
export const ownProgram = async (
  program: WantedProgram,
  folders: readonly string[] = foldersOnPath(process.env),
): Promise<string | undefined> => {
  for (const folder of folders) {
    const path = join(folder, program.name);
    if (isProgram(path) && (await isOfTheVersion(path, program))) return path;
  }
  return undefined;
};
