import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that goes on for longer (ms) without a pause is felt by those who wait for an answer. */
const sliceMs = 10;
/**
 * What a post needs until the disk is asked to take it: Node lets one connection in per turn, reads it
 * in the next, and looks for others that come at the same time.
 */
const turnsOfAPost = 6;
/** However many come, the work itself goes on after so long, ms. */
const longestRestMs = 50;

/** Returns when nobody waits for an answer any more, or after so long, ms. */
export type Idle = (atMostMs: number) => Promise<void>;

/**
 * Lets others have their turn in the middle of long work: posts are answered by the same thread that
 * takes ten thousand alerts in.
 */
export class Turns {
  readonly #idle: Idle | null;
  #began = performance.now();

  /** `idle`: to wait for those who are being answered. Default: nobody knows of any. */
  constructor(idle: Idle | null = null) {
    this.#idle = idle;
  }

  /** Whether it is time for {@link rest}. */
  get isDue(): boolean {
    return performance.now() - this.#began >= sliceMs;
  }

  /** Returns when the others have had their turns. */
  async rest(): Promise<void> {
    for (let turn = 0; turn < turnsOfAPost; turn += 1) await nextTurn();
    await this.#idle?.(longestRestMs);
    this.#began = performance.now();
  }
}
