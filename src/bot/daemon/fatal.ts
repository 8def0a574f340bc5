import { AppError } from '../../core/errors.ts';

/** What of the bot has failed for good. The bot ends then, and no longer uses what failed. */
export class Fatal {
  readonly #stop = new AbortController();
  #store: AppError | null = null;
  #keys: AppError | null = null;

  /** Aborted by the first failure and by {@link end}. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Whether what encrypts can still be used. */
  get keysHold(): boolean {
    return this.#keys === null;
  }

  /** The disk has no room left, also not what was kept in reserve. */
  storeFailed(cause: AppError): void {
    this.#store = cause;
    this.end();
  }

  /** The keys of the device can't be written. */
  keysFailed(cause: unknown): void {
    this.#keys =
      cause instanceof AppError
        ? cause
        : new AppError('E_CRYPTO_FAILED', { reason: String(cause) }, cause);
    this.end();
  }

  /** Everything that listens to the signal is to end, whether something has failed or not. */
  end(): void {
    this.#stop.abort();
  }

  /** Throws what has failed, the store first. */
  throwIfFailed(): void {
    const failure = this.#store ?? this.#keys;
    if (failure !== null) throw failure;
  }
}
