import { question } from '../../commands/render/question.ts';
import type { Prompt } from '../../commands/surface.ts';
import type { Language } from '../../core/words/index.ts';
import {
  defaultLimits,
  type MatrixFile,
  type MatrixLimits,
  type MatrixMessage,
  renderMatrix,
} from './matrix.ts';

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
  limits: MatrixLimits = defaultLimits,
): MatrixPrompt {
  const { head, plan, answer } = question(job, prompt, now, 'room');
  const { messages, files } = renderMatrix(
    [...head, ...plan, ...answer],
    language,
    { ...limits, maxParts: 1 },
    new Set(answer),
  );
  return { message: messages[0], files };
}
