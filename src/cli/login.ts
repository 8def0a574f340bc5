import { userInfo } from 'node:os';
import type { Environment } from '../platform/config/secrets.ts';

/** A claim that goes into the audit log: nothing that steers who reads it there, and nothing long. */
export function plainLogin(claimed: string): string {
  return claimed.replaceAll(/[^\w.@-]/g, '').slice(0, 32) || '?';
}

/** Who sits at the terminal, as far as it can be told; behind sudo the one who called it. For the audit log only. */
export function loginOf(environment: Environment): string {
  const behindSudo = environment['SUDO_USER'] ?? '';
  if (behindSudo !== '') return plainLogin(behindSudo);
  try {
    return plainLogin(userInfo().username);
  } catch {
    // A user id without an entry in /etc/passwd, as in containers.
    return `uid-${process.getuid?.() ?? '?'}`;
  }
}
