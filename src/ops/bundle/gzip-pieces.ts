import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** Deflated, no name, no time, "Unix" (RFC 1952 §2.3). */
const head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
/** The last block, which is empty (RFC 1951 §3.2.3). */
const lastBlock = Uint8Array.of(0x03, 0x00);

/**
 * One gzip stream out of pieces that are compressed each by itself, so that the size of a piece is
 * known before anybody decides whether it gets in.
 */
export class GzipPieces {
  readonly head: Uint8Array = head;
  #crc = 0;
  #length = 0;

  /** How much {@link GzipPieces.end} and the head add, bytes. */
  static readonly frame = head.byteLength + lastBlock.byteLength + 8;

  /** The piece as it would stand in the stream. */
  async squeeze(piece: Uint8Array): Promise<Uint8Array> {
    // Ends on a whole byte with no last block: such pieces can be put one behind the other.
    return deflate(piece, { finishFlush: constants.Z_FULL_FLUSH });
  }

  /** A piece, not squeezed, got in. */
  took(piece: Uint8Array): void {
    this.#crc = crc32(piece, this.#crc);
    this.#length += piece.byteLength;
  }

  /** What comes after the last piece. */
  end(): Uint8Array {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4);
    return Buffer.concat([lastBlock, trailer]);
  }
}
