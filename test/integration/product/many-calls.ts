import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { plainEnvironment, type TerminalResult } from '../../lab/product.ts';

const run = promisify(execFile);

/** What stands before the exit code of a call; nothing that `urtc` prints has it (ASCII record separator). */
export const endOfCall = '\u001e';
const printedCall = new RegExp(`([^${endOfCall}]*)${endOfCall}(\\d+)\\n`, 'g');

/**
 * The same as a call of `urtc` for each of these lists of arguments, in one process
 * (calls-in-one-process.ts), whose stderr is all of theirs. Rejects when one of them ends that process.
 */
export async function callMany(
  calls: readonly (readonly string[])[],
  cwd: string,
): Promise<{
  readonly results: readonly Omit<TerminalResult, 'stderr'>[];
  readonly stderr: string;
}> {
  const program = join(import.meta.dirname, 'calls-in-one-process.ts');
  const { stdout, stderr } = await run(process.execPath, [program, JSON.stringify(calls)], {
    ...{ env: plainEnvironment(), cwd, maxBuffer: 64 * 1024 * 1024 },
  });
  const results = [...stdout.matchAll(printedCall)].map(([, printed = '', code = '']) => ({
    code: Number(code),
    stdout: printed,
  }));
  return { results, stderr };
}
