import { createInterface } from 'node:readline';
import { textOf } from '../failure.ts';
import { isForDemo } from './doings.ts';
import { sayOne, type Desk, type Said } from './exchange.ts';
import type { House } from './house.ts';
import { openQuestion } from './question.ts';
import { markOf } from './room-lines.ts';
import type { Screen } from './screen.ts';
import { Stopped } from './stopping.ts';

/** Sends a typed line as a client does: a code goes as the reply to its question. */
const sendTyped = async ({ person, roomId }: House, text: string): Promise<void> => {
  const question = openQuestion(person.timeline(roomId).events);
  const isCode = question !== undefined && text.toUpperCase() === question.code;
  await person.send(roomId, text, isCode ? { reply: question.event.event_id } : {});
};

/** What a person types on and reads from. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Lets a person type until Ctrl-C, Ctrl-D or `signal`. Answers come whenever they come; what was
 * typed so far is kept below them.
 *
 * @throws Stopped when it was not the person who ended it.
 */
export const talkAtTerminal = async (
  house: Desk,
  screen: Screen,
  signal: AbortSignal,
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<void> => {
  const prompt = createInterface({
    ...{ input, output },
    terminal: true,
    historySize: 500,
    removeHistoryDuplicates: true,
    prompt: markOf(house.person.userId),
  });
  screen.keepBelow(prompt);
  let sending: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve) => {
    const close = (): void => {
      prompt.close();
    };
    prompt.on('close', resolve);
    prompt.on('SIGINT', close);
    signal.addEventListener('abort', close, { once: true });
    prompt.on('line', (line) => {
      const text = line.trim();
      prompt.prompt();
      if (text === '') return;
      if (isForDemo(text)) {
        house.doings.run(text).catch((error: unknown) => {
          screen.print(`not done: ${textOf(error)}`);
        });
        return;
      }
      // One after the other: what is pasted keeps its order.
      sending = sending
        .then(() => sendTyped(house, text))
        .catch((error: unknown) => {
          screen.print(`not sent: ${textOf(error)}`);
        });
    });
    prompt.prompt();
  });
  screen.release();
  output.write('\n');
  if (signal.aborted) throw new Stopped(String(signal.reason));
};

/**
 * Says line by line what comes by a pipe, each after the answer to the one before, until the pipe
 * is closed or `signal`.
 */
export const talkByPipe = async (house: Desk, signal: AbortSignal): Promise<Said[]> => {
  const said: Said[] = [];
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity, signal });
  for await (const line of lines) {
    const text = line.trim();
    if (text !== '') said.push(await sayOne(house, text));
  }
  return said;
};
