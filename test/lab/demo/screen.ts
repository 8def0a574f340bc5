import { cursorTo, clearScreenDown, moveCursor, type Interface } from 'node:readline';
import type { Writable } from 'node:stream';

/** Where the demo writes, with a prompt below or without. */
export interface Screen {
  /** Prints a text that ends with a line break of our own; what is being typed moves down. */
  print(text: string): void;
  /** From now on this prompt stands below all that is printed. */
  keepBelow(prompt: Interface): void;
  /** The prompt is gone. */
  release(): void;
}

/** @param output A terminal, a pipe or a file. */
export const createScreen = (output: Writable, isTerminal: boolean): Screen => {
  let below: Interface | undefined;
  return {
    print: (text) => {
      if (below === undefined || !isTerminal) {
        output.write(`${text}\n`);
        return;
      }
      // A long input takes several rows; the cursor may stand in any of them.
      moveCursor(output, 0, -below.getCursorPos().rows);
      cursorTo(output, 0);
      clearScreenDown(output);
      output.write(`${text}\n`);
      below.prompt(true);
    },
    keepBelow: (prompt) => {
      below = prompt;
    },
    release: () => {
      below = undefined;
    },
  };
};
