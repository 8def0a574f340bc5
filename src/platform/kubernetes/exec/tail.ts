/** The last bytes of something long. */
export class Tail {
  readonly #most: number;
  #parts: Uint8Array[] = [];
  #size = 0;

  /** `most`: bytes that are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    for (let first = this.#parts[0]; first !== undefined; first = this.#parts[0]) {
      if (this.#size - first.length < this.#most) break;
      this.#parts.shift();
      this.#size -= first.length;
    }
  }

  toString(): string {
    return Buffer.concat(this.#parts).subarray(-this.#most).toString('utf8');
  }
}
