import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/**
 * What the example commands work on: a file to which each effect adds a line, as a home server would
 * keep it whatever becomes of us. It can be asked afterwards.
 */
export class Target {
  readonly #file: string;
  /** Called before and after each effect; a test stops or breaks it there. */
  before: (effect: string, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  after: (effect: string) => Promise<void> = () => Promise.resolve();
  /** Called by `plan()`. */
  planning: () => Promise<void> = () => Promise.resolve();
  /** What `plan()` finds. */
  size = 1;
  /** What `settle()` says when it can't tell; null: it can. */
  silent: unknown = null;

  constructor(file: string) {
    this.#file = file;
  }

  async apply(effect: string, signal: AbortSignal): Promise<void> {
    await this.before(effect, signal);
    appendFileSync(this.#file, `${effect}\n`);
    await this.after(effect);
  }

  effects(): readonly string[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
  }

  has(effect: string): boolean {
    return this.effects().includes(effect);
  }
}
