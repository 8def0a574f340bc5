import { AppError } from '../../core/errors.ts';

/** Whether the WASM has come to an end (a panic): its memory is half of something from then on. */
export const isTheEnd = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'RuntimeError';

/**
 * Runs `work` on the machine. Where its WASM comes to an end, `E_CRYPTO_FAILED` is thrown, which
 * ends the process: the machine must not be asked again.
 */
export async function orTheEnd<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isTheEnd(error)) throw error;
    throw new AppError('E_CRYPTO_FAILED', { reason: error.message }, error);
  }
}
