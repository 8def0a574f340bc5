import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Secret } from '../core/secret.ts';
import type { Streams } from './streams.ts';

/** Takes what readline would echo. */
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * Reads one line that nobody may see: on a terminal after `question` and without an echo, otherwise
 * from standard input. Empty at the end of input, and at Ctrl-C.
 */
export async function readSecretLine(
  { input, messages }: Pick<Streams, 'input' | 'messages'>,
  question: string,
): Promise<Secret<string>> {
  const terminal = input.isTTY === true;
  if (terminal) messages.write(`${question} `);
  const reader = createInterface({ input, output: nowhere(), terminal });
  try {
    const line = await new Promise<string>((resolve) => {
      reader.once('line', resolve);
      reader.once('close', () => resolve(''));
      reader.once('SIGINT', () => resolve(''));
    });
    if (terminal) messages.write('\n');
    return new Secret(line.trim());
  } finally {
    reader.close();
  }
}
