import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So many bytes may pass before their buffers are given back. */
const every = 2 * 1024 * 1024;

let collect: (() => void) | null = null;

/** V8's own collector, for young objects only: a millisecond or two. */
function collector(): () => void {
  if (collect !== null) return collect;
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  collect = () => {
    if (typeof gc === 'function') Reflect.apply(gc, undefined, [{ type: 'minor' }]);
  };
  return collect;
}

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
    collector()();
  }
}
