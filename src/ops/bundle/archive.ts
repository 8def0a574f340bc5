import { createHash } from 'node:crypto';
import { GzipPieces } from './gzip-pieces.ts';
import { tarEnd, tarEntry } from './tar.ts';

/** Where the bytes of an archive go, in their order. */
export interface ArchiveSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** What an {@link Archive} is made of. */
export interface ArchiveParts {
  readonly sink: ArchiveSink;
  /** Folder in it that holds everything, so that nobody unpacks files over his own. */
  readonly root: string;
  /** Time of its files, ms since the epoch. */
  readonly at: number;
  /** It never gets longer than this, bytes; at least 256 KiB. */
  readonly mostBytes: number;
}

/** The last file must always fit: it says what did not. */
const reserve = 128 * 1024;

/**
 * A `tar.gz` that is written while it is made, one file in memory at a time, and never gets longer
 * than it may. Each method throws what the sink throws.
 */
export class Archive {
  readonly #parts: ArchiveParts;
  readonly #gzip = new GzipPieces();
  readonly #hash = createHash('sha256');
  readonly #taken = new Set<string>();
  #bytes = 0;

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
  }

  /**
   * Puts a file in. `path`: relative, with safe names only; where it is taken already, it gets a
   * number. Returns the path that it got; null: it does not fit any more, and nothing was written.
   */
  async add(path: string, content: Uint8Array): Promise<string | null> {
    const free = this.#free(path);
    const left = this.#parts.mostBytes - reserve - this.#bytes;
    if (!(await this.#put(free, content, left))) return null;
    this.#taken.add(free);
    return free;
  }

  /** Puts the last file in, and ends. */
  async end(
    path: string,
    content: Uint8Array,
  ): Promise<{ readonly bytes: number; readonly sha256: string }> {
    const fits = await this.#put(path, content, this.#parts.mostBytes - this.#bytes - 64);
    if (!fits) throw new RangeError(`${path} is longer than what was kept free for it`);
    await this.#write(await this.#gzip.squeeze(tarEnd));
    this.#gzip.took(tarEnd);
    await this.#write(this.#gzip.end());
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async #put(path: string, content: Uint8Array, left: number): Promise<boolean> {
    const { root, at } = this.#parts;
    const slash = path.lastIndexOf('/');
    const folder = slash === -1 ? root : `${root}/${path.slice(0, slash)}`;
    const entry = tarEntry({ folder, name: path.slice(slash + 1), content, at });
    const piece = await this.#gzip.squeeze(entry);
    if (piece.byteLength + GzipPieces.frame > left) return false;
    if (this.#bytes === 0) await this.#write(this.#gzip.head);
    await this.#write(piece);
    this.#gzip.took(entry);
    return true;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.byteLength;
    await this.#parts.sink.write(bytes);
  }

  #free(path: string): string {
    if (!this.#taken.has(path)) return path;
    const dot = path.indexOf('.', path.lastIndexOf('/') + 2);
    const [stem, ending] = dot === -1 ? [path, ''] : [path.slice(0, dot), path.slice(dot)];
    for (let nth = 2; ; nth += 1) {
      const tried = `${stem}-${nth}${ending}`;
      if (!this.#taken.has(tried)) return tried;
    }
  }
}
