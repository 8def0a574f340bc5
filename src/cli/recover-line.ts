import { AppError } from '../core/errors.ts';
import { say } from '../core/text.ts';

const command = 'bot recover';

/**
 * Checks what stands after `urtc bot recover`: nothing may. A key there was read by others already
 * (`ps`, the history of the shell), and is not said again. Throws `E_FLAG_UNKNOWN`,
 * `E_RECOVERY_KEY_ON_LINE`.
 */
export function assertBareRecover(rest: readonly string[]): void {
  const [first] = rest;
  if (first === undefined) return;
  const [flag = ''] = first.split('=');
  // What is longer is no slip of a flag, and may be the key with something before it.
  if (!/^--?[a-z-]{1,24}$/.test(flag)) throw new AppError('E_RECOVERY_KEY_ON_LINE', { command });
  throw new AppError('E_FLAG_UNKNOWN', {
    ...{ command, flag, suggestion: '', advice: say('parse.flag.none') },
  });
}
