import type { ArchiveSink } from './archive.ts';

/** A bundle that never touches the disk: for a room. */
export class MemoryBundle implements ArchiveSink {
  readonly #chunks: Uint8Array[] = [];

  write(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes);
    return Promise.resolve();
  }

  /** The whole of it; only once. */
  take(): Uint8Array {
    return Buffer.concat(this.#chunks.splice(0));
  }
}
