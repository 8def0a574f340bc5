/** Something to be written, and who waits for it. */
interface Entry {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * So many turns without anything new show that nothing more is on its way: Node lets one connection in
 * per turn and reads it in the next.
 */
const quietTurns = 3;
/** It is not waited for longer than that, ms. */
const longestWaitMs = 20;
/** Characters that are written with one commit, if it is more than one entry: some milliseconds. */
const mostAtOnce = 512 * 1024;

/**
 * Writes what comes at about the same time with one commit: a commit waits for the disk, and a storm
 * of posts would wait for it five hundred times. What is much is written with several, and others have
 * their turn in between.
 */
export class GroupCommit {
  readonly #write: (entries: readonly string[]) => void;
  #waiting: Entry[] = [];
  #isPlanned = false;

  /** `write`: makes all of them durable or throws. */
  constructor(write: (entries: readonly string[]) => void) {
    this.#write = write;
  }

  /** Resolves when the entry is durable; rejects with what writing throws. */
  add(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      if (!this.#isPlanned) this.#plan();
    });
  }

  /** After the requests that can be read now. */
  #plan(): void {
    this.#isPlanned = true;
    const began = performance.now();
    let seen = 0;
    let quiet = 0;
    const look = (): void => {
      quiet = this.#waiting.length === seen ? quiet + 1 : 0;
      seen = this.#waiting.length;
      const isTime = quiet >= quietTurns || performance.now() - began >= longestWaitMs;
      if (isTime) this.#commit();
      else setImmediate(look);
    };
    setImmediate(look);
  }

  #commit(): void {
    const batch = this.#next();
    try {
      this.#write(batch.map(({ text }) => text));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of batch) reject(reason);
    }
    this.#isPlanned = false;
    if (this.#waiting.length > 0) this.#plan();
  }

  #next(): readonly Entry[] {
    let characters = 0;
    const all = this.#waiting;
    const tooMuch = all.findIndex(({ text }, nth) => {
      characters += text.length;
      return nth > 0 && characters > mostAtOnce;
    });
    const count = tooMuch === -1 ? all.length : tooMuch;
    this.#waiting = all.slice(count);
    return all.slice(0, count);
  }
}
