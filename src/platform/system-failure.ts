import { say, type Text } from '../core/text.ts';

/** Failures of the system (errno(3)) that have words of their own under `system.<code>`. */
const explained = [
  'EACCES',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  'EROFS',
] as const;

/** Code of a failure of the system such as `ENOENT`; null where the error is none. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

/** Why the system refused, in words; the code stands behind them, because people search for it. */
export function systemReason(error: unknown): Text {
  const code = systemCode(error);
  const known = explained.find((each) => each === code);
  return known === undefined ? (code ?? String(error)) : say(`system.${known}`);
}
