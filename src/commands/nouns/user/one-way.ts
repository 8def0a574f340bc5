import type { Localpart } from '../../../core/ids.ts';
import { say, type Phrase } from '../../../core/text.ts';
import { printOperands, printShellWord } from '../../parse/print.ts';

/**
 * Said before an account becomes an admin of the home server: from a room, nobody can act on it any
 * more. The line is for root's shell.
 */
export function oneWay(localpart: Localpart): Phrase {
  const line = `user admin ${printOperands([localpart, 'off'], printShellWord)}`;
  return say('user.admin.one-way', { line });
}
