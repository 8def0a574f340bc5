import { collectGarbage } from '../collector.ts';

/** So many bytes may pass before their buffers are given back. */
const every = 2 * 1024 * 1024;

/**
 * Gives back the buffers of bytes that have passed through. V8 counts what objects weigh in its own
 * heap, and a buffer of 64 KiB weighs a hundred bytes there: a stream of 128 MiB, read to the last
 * byte and held nowhere, let the process grow by 77 MiB before it looked; so it is told.
 */
export class YoungBuffers {
  #passed = 0;

  /** Counts bytes that came or went. */
  passed(bytes: number): void {
    this.#passed += bytes;
    if (this.#passed < every) return;
    this.#passed = 0;
    collectGarbage('minor');
  }
}
