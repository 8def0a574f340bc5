import { looksLikeCode } from '../../commands/confirm/code.ts';
import { isCommandLine } from '../../commands/parse/parse.ts';

/** Whether a message says something to the bot: a command, or what may be the code of a question. */
export function isActionable(body: string): boolean {
  return isCommandLine(body) || looksLikeCode(body);
}
