/** What is being written together: its entries, and the end of the write. */
interface Batch {
  readonly entries: string[];
  readonly written: Promise<void>;
}

/**
 * Writes what comes at about the same time with one commit: a commit waits for the disk, and a storm
 * of posts would wait for it five hundred times.
 */
export class GroupCommit {
  readonly #write: (entries: readonly string[]) => void;
  #open: Batch | null = null;

  /** `write`: makes all of them durable or throws. */
  constructor(write: (entries: readonly string[]) => void) {
    this.#write = write;
  }

  /** Resolves when the entry is durable; rejects with what writing throws. */
  add(entry: string): Promise<void> {
    this.#open ??= this.#begin();
    this.#open.entries.push(entry);
    return this.#open.written;
  }

  #begin(): Batch {
    const entries: string[] = [];
    // After the requests that can be read now.
    const written = new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        this.#open = null;
        try {
          this.#write(entries);
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return { entries, written };
  }
}
