import type { Outcome } from '../../core/report.ts';
import { type Phrase, say } from '../../core/text.ts';

/** What stands before an outcome on every surface; a word follows, so that nobody has to know it. */
export const outcomeIcons = {
  ok: '✅',
  warning: '⚠️',
  refused: '⛔',
  failed: '❌',
  unknown: '❓',
  cancelled: '🚫',
} as const satisfies Record<Outcome, string>;

/** The outcome as a word. */
export function outcomeWord(outcome: Outcome): Phrase {
  return say(`outcome.${outcome}`);
}
