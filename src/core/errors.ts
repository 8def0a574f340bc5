import type { ErrorCode } from './error-catalogue.ts';
import { errorCatalogue } from './error-catalogue.ts';
import type { Value } from './text.ts';

/**
 * A failure that a person can be told about: a stable code of the catalogue and the values for its
 * text. What it says and what to do next stand in the word catalogue under `CODE` and `CODE.next`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, Value>>;

  /** `params` reach the room and the log: never put a secret there. */
  constructor(code: ErrorCode, params: Readonly<Record<string, Value>> = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.params = params;
  }

  /** Exit code of the terminal surface for this error. */
  get exitCode(): number {
    return errorCatalogue[this.code].exit;
  }
}
