/** What fills a {@link ByteQueue} and can be told to wait. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** Bytes that may wait until the source is told to wait. */
const highWater = 256 * 1024;
const lowWater = 64 * 1024;

/**
 * Bytes on their way from a source that can be paused to one reader. The source is paused while more
 * than 256 KiB wait, so a reader that stalls costs no memory.
 */
export class ByteQueue implements AsyncIterable<Uint8Array> {
  readonly #source: Source;
  readonly #onAbandoned: () => void;
  #parts: Uint8Array[] = [];
  #size = 0;
  #isPaused = false;
  #end: { readonly error: Error | null } | null = null;
  #wake: (() => void) | null = null;

  /** `onAbandoned`: the reader has gone away before the end. */
  constructor(source: Source, onAbandoned: () => void) {
    this.#source = source;
    this.#onAbandoned = onAbandoned;
  }

  /** Whether the source was told to wait. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Takes bytes of the source. */
  push(bytes: Uint8Array): void {
    if (this.#end !== null || bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#size += bytes.length;
    if (this.#size > highWater && !this.#isPaused) {
      this.#isPaused = true;
      this.#source.pause();
    }
    this.#wake?.();
  }

  /** Nothing more comes. With an error the reader gets that after all bytes. */
  end(error: Error | null): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let isDone = false;
    try {
      for (;;) {
        const part = this.#take();
        if (part !== null) {
          yield part;
          continue;
        }
        if (this.#end !== null) {
          isDone = true;
          if (this.#end.error !== null) throw this.#end.error;
          return;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      if (!isDone) this.#onAbandoned();
    }
  }

  #take(): Uint8Array | null {
    const part = this.#parts.shift();
    if (part === undefined) return null;
    this.#size -= part.length;
    if (this.#isPaused && this.#size < lowWater) {
      this.#isPaused = false;
      this.#source.resume();
    }
    return part;
  }
}
