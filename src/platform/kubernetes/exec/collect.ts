import { say } from '../../../core/text.ts';
import { badAnswer } from '../http/failure.ts';
import type { Execution, ExecResult } from './execution.ts';

/** Reads an execution to its end. Throws what it throws, and where more than `most` bytes came. */
export async function collect(
  { stdout, result }: Execution,
  most: number,
): Promise<ExecResult & { readonly stdout: Uint8Array }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stdout) {
    size += part.length;
    if (size > most) throw badAnswer(200, say('kubernetes.tooLong', { limit: { bytes: most } }));
    parts.push(part);
  }
  return { ...(await result), stdout: Buffer.concat(parts) };
}
