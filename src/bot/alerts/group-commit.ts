/** Something to be written, and who waits for it. */
interface Entry {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

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

  /** `write`: makes all of them durable or throws. */
  constructor(write: (entries: readonly string[]) => void) {
    this.#write = write;
  }

  /** Resolves when the entry is durable; rejects with what writing throws. */
  add(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      if (this.#waiting.length === 1) this.#plan();
    });
  }

  /** After the requests that can be read now. */
  #plan(): void {
    setImmediate(() => {
      this.#commit();
    });
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
