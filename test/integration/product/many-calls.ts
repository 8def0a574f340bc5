import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LabError } from '../../lab/failure.ts';
import { plainEnvironment, type TerminalResult } from '../../lab/product.ts';

const run = promisify(execFile);

/** What stands before the exit code of a call; nothing that `urtc` prints has it (ASCII record separator). */
export const endOfCall = '\u001e';
const printedCall = new RegExp(`([^${endOfCall}]*)${endOfCall}(\\d+)\\n`, 'g');

const callsIn = (printed: string): { readonly text: string; readonly code: number }[] =>
  [...printed.matchAll(printedCall)].map(([, text = '', code = '']) => ({
    text,
    code: Number(code),
  }));

/**
 * The same as a call of `urtc` for each of these lists of arguments, in one process
 * (calls-in-one-process.ts). Rejects when one of them ends that process.
 */
export async function callMany(
  calls: readonly (readonly string[])[],
  cwd: string,
): Promise<TerminalResult[]> {
  const program = join(import.meta.dirname, 'calls-in-one-process.ts');
  const printed = await run(process.execPath, [program, JSON.stringify(calls)], {
    ...{ env: plainEnvironment(), cwd, maxBuffer: 64 * 1024 * 1024 },
  });
  const messages = callsIn(printed.stderr);
  const results = callsIn(printed.stdout).map(({ text, code }, i) => ({
    ...{ code, stdout: text },
    stderr: messages[i]?.text ?? '',
  }));
  if (results.length === calls.length) return results;
  throw new LabError(`${calls.length} calls, but ${results.length} ended`);
}
