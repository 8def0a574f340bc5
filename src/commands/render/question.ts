import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import type { Prompt } from '../surface.ts';
import type { Place } from './runs.ts';

/** A question in its parts: an over-long `plan` may move into a file, the others may not. */
export interface Question {
  readonly head: readonly ReportNode[];
  readonly plan: readonly ReportNode[];
  readonly answer: readonly ReportNode[];
}

const cancelWords = { room: 'question.cancel', terminal: 'question.cancel_terminal' } as const;

/** The question of a confirmation: what is asked and why, what will happen, how to answer. `now`: ms since the epoch. */
export function question(
  job: { readonly id: string; readonly line: string },
  prompt: Prompt,
  now: number,
  place: Place,
): Question {
  const left = { span: Math.max(0, prompt.expiresAt - now) };
  return {
    head: [
      { type: 'title', text: say('question.title', { line: job.line }) },
      {
        type: 'paragraph',
        text: say(`question.${prompt.reason}`),
      },
    ],
    plan: prompt.shown,
    answer: [
      {
        type: 'paragraph',
        text: say('question.code', {
          code: prompt.code,
          left,
          until: { moment: prompt.expiresAt },
        }),
      },
      { type: 'hint', text: say(cancelWords[place], { job: job.id }) },
    ],
  };
}

/** The question as report nodes in reading order. */
export function questionNodes(
  job: { readonly id: string; readonly line: string },
  prompt: Prompt,
  now: number,
  place: Place,
): readonly ReportNode[] {
  const { head, plan, answer } = question(job, prompt, now, place);
  return [...head, ...plan, ...answer];
}
