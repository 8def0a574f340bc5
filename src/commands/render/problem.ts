import type { AppError } from '../../core/errors.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';

/** How a command ended that threw this error: `refused` for a refusal, else `failed`. */
export function outcomeOf(error: AppError): Outcome {
  throw error;
}

/**
 * The answer to a failed command: what happened, where (`caret`: the command line with a mark below
 * the wrong word, ready-made), what to do next, and the stable code.
 */
export function problemReport(error: AppError, caret?: string): readonly ReportNode[] {
  throw new Error(`not written yet ${String(caret)}`, { cause: error });
}
