import type { ReportNode } from '../../core/report.ts';
import type { Prompt } from '../surface.ts';

/** The question of a confirmation as report nodes, for every surface. `now`: ms since the epoch. */
export function questionNodes(
  job: { readonly id: string; readonly line: string },
  prompt: Prompt,
  now: number,
): readonly ReportNode[] {
  throw new Error(`not written yet ${job.id} ${prompt.code} ${now}`);
}
