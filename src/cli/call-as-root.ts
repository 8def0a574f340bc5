import { AppError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { say } from '../core/text.ts';
import { systemCode } from '../platform/system-failure.ts';

/**
 * The error with the next step of a person who may not read the config: the same call as root. What
 * the bot itself may not read is another matter and stays as it is. `typed`: what stands after `urtc`;
 * `words`: the same without the terminal's own flags.
 */
export function adviseRoot(
  error: AppError,
  typed: readonly string[],
  words: readonly string[],
): AppError {
  const isTheBot = words.length === 1 && words[0] === 'bot';
  const isClosed = error.code === 'E_CONFIG_UNREADABLE' && systemCode(error.cause) === 'EACCES';
  if (!isClosed || isTheBot) return error;
  const asTyped = (word: string) => (/^--?[a-z-]+$/.test(word) ? word : shellWord(word));
  const command = ['sudo urtc', ...typed.map(asTyped)].join(' ');
  const advice = say('config.unreadable.sudo', { command });
  return new AppError(error.code, { ...error.params, advice }, error.cause);
}
