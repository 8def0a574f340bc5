import { errorCatalogue } from '../../core/error-catalogue.ts';
import type { AppError } from '../../core/errors.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';

/** How a command ended that threw this error: `refused` for a refusal, else `failed`. */
export function outcomeOf(error: AppError): Outcome {
  return errorCatalogue[error.code].kind === 'refused' ? 'refused' : 'failed';
}

/** Name of the block of fields that holds the code; JSON shows it under `error` instead. */
export const problemBlock = 'error';

/**
 * The answer to a failed command: what happened, where (`caret`: the command line with a mark below
 * the wrong word, ready-made), what to do next, and the stable code.
 */
export function problemReport(error: AppError, caret?: string): readonly ReportNode[] {
  const { code, params } = error;
  return [
    { type: 'outcome', outcome: outcomeOf(error), text: say(code, params) },
    ...(caret === undefined ? [] : [{ type: 'code', content: caret } as const]),
    { type: 'hint', text: say(`${code}.next`, params) },
    {
      type: 'fields',
      id: problemBlock,
      fields: [{ id: 'code', label: say('render.error_code'), value: code }],
    },
  ];
}
