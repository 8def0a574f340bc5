import { lineUp } from './line-up.ts';

interface Entry {
  readonly keys: readonly string[];
  granted: boolean;
  /** Called when it is granted after a wait. */
  enter: () => void;
}

/**
 * Jobs that hold a common key run one after the other, in the order in which they asked. All keys of
 * a job are taken at once, so that two jobs can't wait for each other.
 */
export class ResourceLocks {
  #entries: readonly Entry[] = [];

  /**
   * Resolves with the function that gives them back once no earlier job holds or awaits any of them.
   * Rejects with the signal's reason when it is aborted before.
   */
  async acquire(keys: readonly string[], signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const entry: Entry = { keys, granted: false, enter: () => undefined };
    const leave = (): void => this.#remove(entry);
    this.#entries = [...this.#entries, entry];
    this.#grant();
    if (!entry.granted) {
      await lineUp(signal, (enter) => {
        entry.enter = enter;
        return leave;
      });
    }
    return leave;
  }

  /** Takes them at once; null where a job holds or awaits one of them. */
  tryAcquire(keys: readonly string[]): (() => void) | null {
    if (this.#entries.some((entry) => entry.keys.some((key) => keys.includes(key)))) return null;
    const entry: Entry = { keys, granted: true, enter: () => undefined };
    this.#entries = [...this.#entries, entry];
    return () => this.#remove(entry);
  }

  #remove(entry: Entry): void {
    this.#entries = this.#entries.filter((each) => each !== entry);
    this.#grant();
  }

  #grant(): void {
    const taken = new Set<string>();
    for (const entry of this.#entries) {
      if (!entry.granted && !entry.keys.some((key) => taken.has(key))) {
        entry.granted = true;
        entry.enter();
      }
      entry.keys.forEach((key) => taken.add(key));
    }
  }
}
