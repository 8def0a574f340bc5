import { createInterface } from 'node:readline/promises';
import { renderTerminal } from '../commands/render/terminal.ts';
import { lookOf } from '../commands/render/look.ts';
import { outcomeOf, problemReport } from '../commands/render/problem.ts';
import { questionNodes } from '../commands/render/question.ts';
import type { AppError } from '../core/errors.ts';
import type { ReportNode } from '../core/report.ts';
import type { Secret } from '../core/secret.ts';
import type { Text } from '../core/text.ts';
import type { Language } from '../core/words/index.ts';
import { translate } from '../core/words/translate.ts';
import type { TerminalEvent } from './protocol.ts';
import { saveFile } from './save-file.ts';
import type { Streams } from './streams.ts';

/** How to show things. */
export interface ScreenOptions {
  readonly language: Language;
  readonly json: boolean;
  readonly colour: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The terminal of one call of `urtc`. */
export class Screen {
  readonly #streams: Streams;
  readonly #options: ScreenOptions;
  #isWaiting = false;

  constructor(streams: Streams, options: ScreenOptions) {
    this.#streams = streams;
    this.#options = options;
  }

  /** Whether there is a person who can be asked. */
  get interactive(): boolean {
    const { input, messages } = this.#streams;
    return input.isTTY === true && messages.isTTY === true && !this.#options.json;
  }

  /** Whether somebody reads along on a terminal what is no answer. */
  get hasReader(): boolean {
    return this.#streams.messages.isTTY === true;
  }

  /** A line beside the answer, for people who watch. */
  note(text: Text): void {
    const { messages } = this.#streams;
    if (messages.isTTY === true && !this.#options.json) messages.write(`${this.#line(text)}\n`);
  }

  /** Somebody else has the store (`E_STORE_LOCKED`); said once. */
  waiting({ params }: AppError): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    const { pid = '?', folder = '' } = params;
    this.warn({ key: 'cli.waiting-for-lock', params: { pid, folder } });
  }

  /** A line that must be seen also where nobody watches (a log). */
  warn(text: Text): void {
    this.#streams.messages.write(`${this.#line(text)}\n`);
  }

  /** The answer of a command. */
  finish(event: Extract<TerminalEvent, { type: 'finish' }>): Promise<void> {
    const { job, command, outcome, report } = event;
    // A line that could not be understood is the job of no command.
    return this.answer(report, { command: command === '' ? null : command, job, outcome });
  }

  /** What a command says before its answer; as JSON it is a document of its own. */
  output({ job, report }: Extract<TerminalEvent, { type: 'output' }>): Promise<void> {
    return this.answer(report, { command: null, job, outcome: 'ok' });
  }

  /** Something that ended without a job. */
  problem(error: AppError): Promise<void> {
    const nodes = problemReport(error);
    if (this.#options.json) {
      return this.answer(nodes, { command: null, job: null, outcome: outcomeOf(error) });
    }
    this.#streams.messages.write(this.#page(nodes, this.#streams.messages));
    return Promise.resolve();
  }

  /** An answer on stdout: a page, or one JSON document. */
  async answer(
    nodes: readonly ReportNode[],
    about: {
      readonly command: string | null;
      readonly job: string | null;
      readonly outcome: Extract<TerminalEvent, { type: 'finish' }>['outcome'];
    },
  ): Promise<void> {
    const { output } = this.#streams;
    if (this.#options.json) {
      // Not everybody who reads a page wants JSON's code in memory.
      const { renderJson } = await import('../commands/render/json.ts');
      output.write(renderJson({ ...about, nodes }, this.#options.language));
      return;
    }
    output.write(this.#page(nodes, output));
    for (const node of nodes) {
      // A picture was drawn on the page already.
      if (node.type !== 'file' || node.picture !== undefined) continue;
      this.warn({ key: 'cli.saved-file', params: { name: saveFile(node.name, node.content) } });
    }
  }

  /** Shows the question and waits for a line; resolves with it, or with null at the end of input. */
  async ask(
    event: Extract<TerminalEvent, { type: 'prompt' }>,
    now: number,
  ): Promise<string | null> {
    const { input, messages } = this.#streams;
    const { job, line, ...prompt } = event;
    messages.write(this.#page(questionNodes({ id: job, line }, prompt, now, 'terminal'), messages));
    const reader = createInterface({ input, output: messages, terminal: true });
    try {
      const ended = new Promise<null>((resolve) => {
        reader.once('close', () => resolve(null));
        // Ctrl-C at a question answers it: no.
        reader.once('SIGINT', () => resolve(null));
      });
      const question = `${this.#line({ key: 'cli.question', params: { code: event.code } })} `;
      const typed = await Promise.race([reader.question(question), ended]);
      if (typed === null) messages.write('\n');
      return typed;
    } finally {
      reader.close();
    }
  }

  /** Asks for a line that is not shown; a script gives it on standard input. */
  async askSecret(question: Text): Promise<Secret<string>> {
    // Only who is asked for a secret needs that.
    const { readSecretLine } = await import('./secret-line.ts');
    return readSecretLine(this.#streams, this.#line(question));
  }

  #line(text: Text): string {
    return translate(text, this.#options.language);
  }

  #page(nodes: readonly ReportNode[], stream: Streams['output']): string {
    const look = lookOf(stream, this.#options.environment);
    const colour = look.colour && this.#options.colour;
    return renderTerminal(nodes, this.#options.language, { ...look, colour });
  }
}
