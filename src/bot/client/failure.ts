import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';

/** Why a request to the home server came to nothing, by what can be done about it. */
export type Failure =
  /** No answer: not running, no route, cut, too slow. Whether it had an effect is not known. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** 5xx, or a proxy that speaks for a home server that is down. */
  | { readonly kind: 'unavailable'; readonly status: number; readonly reason: string }
  /** An answer that no home server gives. */
  | { readonly kind: 'not-matrix'; readonly status: number; readonly reason: string }
  /** 2xx, but not of the form that the spec promises. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** 429 (`M_LIMIT_EXCEEDED`). `retryAfterMs` is null where the server did not say. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number | null }
  /** The access token is of no use any more (401). */
  | { readonly kind: 'revoked'; readonly errcode: string }
  /** Another 4xx: the same request will be refused again. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly errcode: string;
      readonly reason: string;
    }
  /** We ended it ourselves. */
  | { readonly kind: 'aborted' };

/** Thrown by every call of `MatrixApi`. */
export class MatrixFailure extends Error {
  override readonly name = 'MatrixFailure';
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(describeFailure(failure), cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

/** One line for the log. */
export function describeFailure(failure: Failure): string {
  switch (failure.kind) {
    case 'unreachable':
    case 'malformed':
      return `${failure.kind}: ${failure.reason}`;
    case 'unavailable':
    case 'not-matrix':
      return `${failure.kind} (${failure.status}): ${failure.reason}`;
    case 'limited':
      return `limited, retry after ${failure.retryAfterMs ?? '?'} ms`;
    case 'revoked':
      return `access token refused (${failure.errcode})`;
    case 'refused':
      return `refused (${failure.status} ${failure.errcode}): ${failure.reason}`;
    case 'aborted':
      return 'aborted';
    default:
      return failure satisfies never;
  }
}

/** The failure inside a thrown value; what is no failure of the home server is thrown on. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof MatrixFailure) return thrown.failure;
  throw thrown;
}

/** Whether waiting may help. */
export function isPassing(failure: Failure): boolean {
  switch (failure.kind) {
    case 'unreachable':
    case 'unavailable':
    case 'not-matrix':
    case 'malformed':
    case 'limited':
      return true;
    case 'refused':
      return failure.status === 408 || failure.status === 425;
    case 'revoked':
    case 'aborted':
      return false;
    default:
      return failure satisfies never;
  }
}

/** The same for people, with a code of the catalogue. `url`: the home server's. */
export function explainFailure(thrown: unknown, url: string): unknown {
  if (!(thrown instanceof MatrixFailure)) return thrown;
  const { failure } = thrown;
  switch (failure.kind) {
    case 'revoked':
      return new AppError('E_TOKEN_REVOKED', { advice: say('token.recover.next') }, thrown);
    case 'not-matrix':
      return new AppError('E_HOMESERVER_NOT_MATRIX', { url }, thrown);
    case 'unreachable':
    case 'unavailable':
    case 'malformed':
    case 'limited':
    case 'refused':
    case 'aborted':
      return new AppError(
        'E_HOMESERVER_UNREACHABLE',
        { url, reason: describeFailure(failure) },
        thrown,
      );
    default:
      return failure satisfies never;
  }
}
