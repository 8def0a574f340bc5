import { errorCatalogue } from '../core/error-catalogue.ts';
import type { Outcome, ReportNode } from '../core/report.ts';

/** Exit codes of outcomes that no error of the catalogue explains (sysexits.h; 130 as after Ctrl-C). */
const outcomeExits = {
  ok: 0,
  warning: 0,
  refused: 77,
  failed: 1,
  unknown: 75,
  cancelled: 130,
} as const satisfies Record<Outcome, number>;

function isErrorCode(key: string): key is keyof typeof errorCatalogue {
  return Object.hasOwn(errorCatalogue, key);
}

/** What `urtc` exits with after this answer: the code of the error that it tells, else by its outcome. */
export function exitCodeOf(outcome: Outcome, report: readonly ReportNode[]): number {
  const byOutcome = outcomeExits[outcome];
  if (byOutcome === 0) return 0;
  const said = report.findLast((node) => node.type === 'outcome');
  // From 126 on a shell means something else by it.
  if (said?.exit !== undefined) return Math.min(said.exit, 125);
  for (const node of report) {
    if (node.type !== 'outcome' || node.text === null || typeof node.text !== 'object') continue;
    if ('key' in node.text && isErrorCode(node.text.key)) return errorCatalogue[node.text.key].exit;
  }
  return byOutcome;
}
