import type { ReadStream, WriteStream } from 'node:tty';

/** Where a person reads and types. */
export interface Streams {
  readonly input: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>;
  readonly output: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  /** Questions, progress and what is no answer: stdout stays clean for scripts. */
  readonly messages: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
}
