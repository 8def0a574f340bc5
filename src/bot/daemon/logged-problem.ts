import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { translate } from '../../core/words/translate.ts';

/** An error as one line for the log: what happened and what to do next. */
export function explain(
  error: unknown,
  language: Language,
): { readonly code: string | null; readonly text: string } {
  if (!(error instanceof AppError)) return { code: null, text: String(error) };
  const { code, params } = error;
  const parts = [say(code, params), say(`${code}.next`, params)];
  return { code, text: parts.map((part) => translate(part, language)).join(' ') };
}
