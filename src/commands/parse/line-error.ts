import type { ErrorCode } from '../../core/error-catalogue.ts';
import { AppError } from '../../core/errors.ts';
import type { Value } from '../../core/text.ts';
import { excerpt } from './excerpt.ts';

/** A stretch of a typed line: UTF-16 offsets, `end` not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a person typed and where in it something is. */
export interface Place extends Span {
  readonly source: string;
}

/** An error that can be pointed at in the typed line. */
export class LineError extends AppError {
  readonly place: Place;

  /** `params` reach the room and the log, and so does the line: mask secrets in both. */
  constructor(
    code: ErrorCode,
    params: Readonly<Record<string, Value>>,
    place: Place,
    cause?: unknown,
  ) {
    super(code, params, cause);
    this.place = place;
  }

  /** The line and `^~~~` below the place: the `caret` of `problemReport`, content of a `code` node. */
  get caret(): string {
    return excerpt(this.place);
  }
}
