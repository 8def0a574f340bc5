import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that goes on for longer (ms) without a pause is felt by those who wait for an answer. */
const sliceMs = 10;

/**
 * Lets others have their turn in the middle of long work: posts are answered by the same thread that
 * takes ten thousand alerts in.
 */
export class Turns {
  #began = performance.now();

  /** Whether it is time for {@link rest}. */
  get isDue(): boolean {
    return performance.now() - this.#began >= sliceMs;
  }

  /** Returns when the others have had their turn. */
  async rest(): Promise<void> {
    await nextTurn();
    this.#began = performance.now();
  }
}
