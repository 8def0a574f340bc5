import { say } from '../core/text.ts';
import type { Conversation } from './conversation.ts';
import { exitCodeOf } from './exit-code.ts';
import type { TerminalEvent } from './protocol.ts';
import type { Screen } from './screen.ts';

/** What the person at the terminal can do besides typing. */
export interface Interrupts {
  /** Calls back at each Ctrl-C; returns how to stop listening. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the program at once. */
  exit(code: number): void;
}

/** Ctrl-C of this process. */
export const processInterrupts: Interrupts = {
  onInterrupt: (listener) => {
    process.on('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
  exit: (code) => process.exit(code),
};

/**
 * Has one conversation on the screen and returns the exit code. The first Ctrl-C asks for the job to
 * be cancelled, the second leaves: a bot goes on with it, a process that works alone is cut off
 * (`onLeave`).
 */
export async function talk(
  open: (tell: (event: TerminalEvent) => void) => Conversation,
  screen: Screen,
  interrupts: Interrupts,
  onLeave: 'cli.goes-on' | 'cli.cut-off' = 'cli.goes-on',
): Promise<number> {
  let exitCode = 1;
  let job: string | null = null;
  let interrupted = 0;
  let asking: Promise<void> = Promise.resolve();
  const ask = async (event: Extract<TerminalEvent, { type: 'prompt' }>): Promise<void> => {
    const typed = (await screen.ask(event, Date.now()))?.trim() ?? '';
    if (/^y(es)?$/i.test(typed)) conversation.confirm(event.code);
    else if (typed === '' || /^no?$/i.test(typed)) conversation.cancel();
    else conversation.confirm(typed);
  };
  let question: Extract<TerminalEvent, { type: 'prompt' }> | null = null;
  const show = (event: TerminalEvent): void => {
    switch (event.type) {
      case 'working':
        job = event.job;
        screen.note(say('cli.working', { job: event.job }));
        return;
      case 'progress':
        job = event.job;
        screen.note(event.text);
        return;
      case 'output':
        job = event.job;
        asking = screen.output(event);
        return;
      case 'prompt':
        job = event.job;
        question = event;
        asking = ask(event);
        return;
      case 'ask-again':
        asking = screen
          .problem(event.error)
          .then(() => (question === null ? undefined : ask(question)));
        return;
      case 'finish':
        exitCode = exitCodeOf(event.outcome, event.report);
        asking = screen.finish(event);
        return;
      case 'problem':
        exitCode = event.error.exitCode;
        asking = screen.problem(event.error);
        return;
      default:
        event satisfies never;
    }
  };
  const conversation = open(show);
  const stopListening = interrupts.onInterrupt(() => {
    interrupted += 1;
    if (interrupted === 1) {
      screen.note(say('cli.cancelling'));
      conversation.cancel();
      return;
    }
    if (job !== null) screen.note(say(onLeave, { job }));
    interrupts.exit(130);
  });
  try {
    await conversation.done;
    await asking;
  } finally {
    stopListening();
  }
  return exitCode;
}
