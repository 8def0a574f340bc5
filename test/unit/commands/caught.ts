import { LineError } from '../../../src/commands/parse/line-error.ts';
import { AppError } from '../../../src/core/errors.ts';

/** The `AppError` that `run` throws; anything else that it does fails the test. */
export function caught(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Code and caret of the {@link LineError} that `run` throws. */
export function pointed(run: () => unknown): readonly [string, string] {
  const error = caught(run);
  if (!(error instanceof LineError)) throw new Error(`${error.code} has no place`);
  return [error.code, error.caret];
}
