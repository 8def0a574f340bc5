import type { AppError } from '../../core/errors.ts';
import type { Text } from '../../core/text.ts';

/**
 * What `config check` has found: a mistake (the bot would not start or not work), something to look
 * at, or a mere fact.
 */
export type Finding =
  | { readonly kind: 'error'; readonly error: AppError }
  | { readonly kind: 'warning'; readonly text: Text; readonly next: Text }
  | { readonly kind: 'note'; readonly text: Text };

/** A mistake. */
export function mistake(error: AppError): Finding {
  return { kind: 'error', error };
}
