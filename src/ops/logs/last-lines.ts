/** The newest lines of a log, bounded in number and in size. */
export class LastLines {
  readonly #most: number;
  readonly #mostCharacters: number;
  #lines: string[] = [];
  #first = 0;
  #characters = 0;
  #left = 0;

  constructor(most: number, mostCharacters: number) {
    this.#most = most;
    this.#mostCharacters = mostCharacters;
  }

  /** How many were pushed out by newer ones for want of room, not of number. */
  get leftOut(): number {
    return this.#left;
  }

  push(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length + 1;
    while (this.#lines.length - this.#first > this.#most) this.#drop();
    while (this.#characters > this.#mostCharacters && this.#lines.length - this.#first > 1) {
      this.#drop();
      this.#left += 1;
    }
  }

  #drop(): void {
    this.#characters -= (this.#lines[this.#first]?.length ?? 0) + 1;
    this.#lines[this.#first] = '';
    this.#first += 1;
    if (this.#first < 4096 || this.#first * 2 < this.#lines.length) return;
    this.#lines = this.#lines.slice(this.#first);
    this.#first = 0;
  }

  all(): readonly string[] {
    return this.#lines.slice(this.#first);
  }
}
