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
const longestWaitMs = 10;
/** Characters that are written with one commit, if it is more than one entry: some milliseconds. */
const mostAtOnce = 512 * 1024;

/** Where entries go. */
export interface GroupCommitParts {
  /** Makes all of them part of the store, or throws. */
  readonly write: (entries: readonly string[]) => void;
  /** Resolves when what was written is durable. */
  readonly press: () => Promise<void>;
}

/**
 * Writes what comes at about the same time with one commit: a commit waits for the disk, and a storm
 * of posts would wait for it five hundred times. While one waits, the next is gathered. What is much
 * is written with several, and others have their turn in between.
 */
export class GroupCommit {
  readonly #parts: GroupCommitParts;
  #waiting: Entry[] = [];
  /** When the oldest of them came. */
  #since = 0;
  #isBusy = false;

  constructor(parts: GroupCommitParts) {
    this.#parts = parts;
  }

  /** Resolves when the entry is durable; rejects with what writing or pressing throws. */
  add(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) this.#since = performance.now();
      this.#waiting.push({ text, resolve, reject });
      if (!this.#isBusy) void this.#run();
    });
  }

  /** Until nothing waits. Never rejects: whoever waits is told. */
  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      await this.#gather();
      await this.#commit(this.#next());
    }
    this.#isBusy = false;
  }

  /** Returns after the requests that can be read now. */
  #gather(): Promise<void> {
    return new Promise((resolve) => {
      let seen = 0;
      let quiet = 0;
      const look = (): void => {
        quiet = this.#waiting.length === seen ? quiet + 1 : 0;
        seen = this.#waiting.length;
        const isTime = quiet >= quietTurns || performance.now() - this.#since >= longestWaitMs;
        if (isTime) resolve();
        else setImmediate(look);
      };
      setImmediate(look);
    });
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    try {
      this.#parts.write(batch.map(({ text }) => text));
      await this.#parts.press();
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of batch) reject(reason);
    }
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
    this.#since = performance.now();
    return all.slice(0, count);
  }
}
