import { AppError } from '../../core/errors.ts';
import { say, type Text } from '../../core/text.ts';
import type { Refusal } from './answer.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether a connection broke, so that a read may be sent again at once. */
export function isBrokenConnection(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

function reasonOf(error: unknown): Text {
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return say('adminApi.refused');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say('adminApi.unknownHost');
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
      return say('adminApi.tooLong');
    case '':
      return say('adminApi.broken', { detail: error instanceof Error ? error.name : 'error' });
    default:
      return say('adminApi.broken', { detail: code });
  }
}

/** A request that got no answer. `url` is the API's own, without the path that may name a secret. */
export function unreachable(url: string, error: unknown): AppError {
  return new AppError('E_ADMIN_API_UNREACHABLE', { url, reason: reasonOf(error) }, error);
}

/** No complete answer came in time. `limit` in ms. */
export function tooSlow(url: string, limit: number): AppError {
  const reason = say('adminApi.tooSlow', { limit: { span: limit } });
  return new AppError('E_ADMIN_API_UNREACHABLE', { url, reason });
}

/** A proxy in front of the home server says that nothing is behind it (502, 503, 504). */
export function behindGateway(url: string, status: number): AppError {
  const reason = say('adminApi.gateway', { status: String(status) });
  return new AppError('E_ADMIN_API_UNREACHABLE', { url, reason });
}

/** An answer that can't be used, for a reason of ours. */
export function badAnswer(status: number, reason: Text, cause?: unknown): AppError {
  return new AppError('E_ADMIN_API_ANSWER', { status: String(status), reason }, cause);
}

/** A refusal that nobody expected, in the home server's own words. */
export function refusedAnswer(refusal: Refusal): AppError {
  const { status, errcode, reason } = refusal;
  return badAnswer(status, [errcode, reason].filter((part) => part !== '').join(' ') || null);
}

/** The admin credential is unknown, locked, or not a server admin's. */
export function credentialRefused(status: number): AppError {
  return new AppError('E_ADMIN_API_FORBIDDEN', { status: String(status) });
}
