/** A file of a tar archive. Its path is ASCII: `folder` at most 155 bytes, `name` at most 100. */
export interface TarFile {
  readonly folder: string;
  readonly name: string;
  readonly content: Uint8Array;
  /** ms since the epoch. */
  readonly at: number;
}

const block = 512;
/** Only for its owner, as on the server. */
const mode = '0000600';

/** What ends an archive: two empty blocks. */
export const tarEnd: Uint8Array = new Uint8Array(2 * block);

/** The file with its header, filled up to whole blocks (POSIX.1-2017, pax, "ustar Interchange Format"). */
export function tarEntry({ folder, name, content, at }: TarFile): Uint8Array {
  const padded = Math.ceil(content.byteLength / block) * block;
  const entry = Buffer.alloc(block + padded);
  put(entry, 0, 100, name);
  put(entry, 100, 8, mode);
  put(entry, 108, 8, octal(0, 7));
  put(entry, 116, 8, octal(0, 7));
  put(entry, 124, 12, octal(content.byteLength, 11));
  put(entry, 136, 12, octal(Math.max(0, Math.floor(at / 1000)), 11));
  // The sum is made over a header whose own field is blank.
  put(entry, 148, 8, ' '.repeat(8));
  put(entry, 156, 1, '0');
  put(entry, 257, 6, 'ustar\0');
  put(entry, 263, 2, '00');
  put(entry, 345, 155, folder);
  const sum = entry.subarray(0, block).reduce((total, byte) => total + byte, 0);
  put(entry, 148, 8, `${octal(sum, 6)}\0 `);
  entry.set(content, block);
  return entry;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

function put(entry: Buffer, at: number, most: number, text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length > most) throw new RangeError(`“${text}” is too long for a tar header`);
  bytes.copy(entry, at);
}
