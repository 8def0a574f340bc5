import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * A value that can't be printed by accident: string conversion, JSON, `console.log` and pino all
 * show `[secret]`. Only `reveal()` gives the value; call it where the value leaves for its one
 * legitimate reader (an HTTP header, a request body, the terminal of `urtc secret show`).
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
