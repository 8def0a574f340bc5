import type { Actor } from '../commands/actor.ts';
import type { Dispatcher } from '../commands/dispatcher.ts';
import type { Surface } from '../commands/surface.ts';
import { AppError } from '../core/errors.ts';
import type { JobId } from '../core/ids.ts';
import type { ReportNode } from '../core/report.ts';
import type { Language } from '../core/words/index.ts';
import type { TerminalEvent } from './protocol.ts';

/** What a terminal needs of the dispatcher. */
export type TerminalDispatcher = Pick<Dispatcher, 'submit' | 'confirm' | 'cancel'>;

/** A command from a terminal, already judged by the socket that it came through. */
export interface TerminalCommand {
  readonly words: readonly string[];
  readonly actor: Extract<Actor, { kind: 'local' }>;
  readonly language: Language;
  readonly yes: boolean;
  readonly interactive: boolean;
}

/** One command of a terminal while it lasts. */
export interface Conversation {
  /** Answers the question. A wrong code comes back as `ask-again`. */
  confirm(code: string): void;
  /** Asks for the job to be stopped; without one yet, or after its end, nothing happens. */
  cancel(): void;
  /** The person is gone: a question that nobody can answer any more is cancelled, work goes on. */
  leave(): void;
  /** Resolves when `finish` or `problem` was told. Never rejects for an `AppError`. */
  readonly done: Promise<void>;
}

/** Hands a command to the dispatcher and tells what happens to it, in order. */
export function converse(
  dispatcher: TerminalDispatcher,
  command: TerminalCommand,
  tell: (event: TerminalEvent) => void,
): Conversation {
  let job: JobId | null = null;
  let asked = false;
  let last: readonly ReportNode[] = [];
  const surface: Surface = {
    working: (about) => {
      job = about.id;
      tell({ type: 'working', job: about.id });
    },
    progress: (about, text) => {
      job = about.id;
      tell({ type: 'progress', job: about.id, text });
    },
    tell: (about, nodes) => {
      job = about.id;
      tell({ type: 'output', job: about.id, report: nodes });
    },
    prompt: (about, prompt) => {
      job = about.id;
      asked = true;
      const { id, line } = about;
      // Called inside a transaction: what is told must be on the disk first.
      setImmediate(() => tell({ type: 'prompt', job: id, line, ...prompt }));
      return null;
    },
    finish: (about, report) => {
      job = about.id;
      asked = false;
      last = report;
    },
  };
  const stop = (): void => {
    if (job === null) return;
    try {
      dispatcher.cancel(job, command.actor);
    } catch (error) {
      // It ended in the same moment; its answer is on the way.
      if (!(error instanceof AppError)) throw error;
    }
  };
  const run = async (): Promise<void> => {
    try {
      const end = await dispatcher.submit({ ...command, surface });
      const { id, command: name } = end.job;
      tell({ type: 'finish', job: id, command: name, outcome: end.outcome, report: last });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      tell({ type: 'problem', error });
    }
  };
  return {
    confirm: (code) => {
      if (job === null) return;
      try {
        asked = false;
        dispatcher.confirm(job, command.actor, code);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        asked = true;
        tell({ type: 'ask-again', error });
      }
    },
    cancel: stop,
    leave: () => {
      if (asked) stop();
    },
    done: run(),
  };
}
