import type { Prompt } from '../../commands/surface.ts';
import type { Language } from '../../core/words/index.ts';
import type { MatrixFile, MatrixLimits, MatrixMessage } from './matrix.ts';

/** The question in one message (the row that a reaction is recognised by); files only where the plan is too long for it. */
export interface MatrixPrompt {
  readonly message: MatrixMessage;
  readonly files: readonly MatrixFile[];
}

/** The question of a job: what will happen, the code, how long it is valid, how to cancel. `now` in ms since the epoch. */
export function renderPrompt(
  job: { readonly id: string; readonly line: string },
  prompt: Prompt,
  now: number,
  language: Language,
  limits?: MatrixLimits,
): MatrixPrompt {
  throw new Error(`not written yet ${job.id} ${prompt.code} ${now} ${language} ${String(limits)}`);
}
