import { userInfo } from 'node:os';
import type { Environment } from '../platform/config/secrets.ts';

/** Who sits at the terminal, as far as it can be told; behind sudo the one who called it. For the audit log only. */
export function loginOf(environment: Environment): string {
  const behindSudo = environment['SUDO_USER'] ?? '';
  if (behindSudo !== '') return behindSudo;
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in /etc/passwd, as in containers.
    return `uid-${process.getuid?.() ?? '?'}`;
  }
}
