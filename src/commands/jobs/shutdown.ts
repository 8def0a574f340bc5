import { AppError } from '../../core/errors.ts';

/** Thrown where a job is left as it stands in the store: the next start goes on with it. */
export class LeftForNextStart extends Error {
  override readonly name = 'LeftForNextStart';
}

/**
 * The end of a dispatcher in three stages: no new work and no new step (`begin`), running steps are
 * told to stop (`hurry`), nothing is written any more (`close`).
 */
export class Shutdown {
  readonly #draining = new AbortController();
  readonly #hurrying = new AbortController();
  #closed = false;

  /** Aborted when no new work is begun. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** Aborted when running steps are told to stop. */
  get hurrying(): AbortSignal {
    return this.#hurrying.signal;
  }

  /** Throws `E_SHUTTING_DOWN` once it has begun. */
  assertOpen(): void {
    if (this.#draining.signal.aborted) throw new AppError('E_SHUTTING_DOWN');
  }

  /** Throws {@link LeftForNextStart} once it is closed. */
  assertWritable(): void {
    if (this.#closed) throw new LeftForNextStart();
  }

  begin(): void {
    this.#draining.abort(new LeftForNextStart());
  }

  hurry(): void {
    this.#hurrying.abort(new LeftForNextStart());
  }

  close(): void {
    this.#closed = true;
  }
}
