import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LabError, textOf } from './failure.ts';

const run = promisify(execFile);

/**
 * Runs a program to its end and returns what it printed.
 *
 * @throws LabError with the program's last lines when it fails.
 */
export const runProgram = async (
  file: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<string> => {
  try {
    const { stdout } = await run(file, [...args], { ...options, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const printed = stderr.split('\n').slice(-15).join('\n') || textOf(error);
    throw new LabError(`${file} ${args.slice(0, 3).join(' ')} failed:\n${printed}`, {
      cause: error,
    });
  }
};
