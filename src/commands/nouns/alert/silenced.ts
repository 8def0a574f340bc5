import { AppError } from '../../../core/errors.ts';
import type { ReportNode } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import type { AlertBoard } from '../../../ops/alerts/alert-board.ts';
import type { StoredIncident } from '../../../platform/store/alert-row.ts';

/**
 * Which silences cover alerts that fire in one group: by whom, until when, why. Where Alertmanager
 * can't be asked, that is said; what is known of the alerts is shown all the same.
 */
export async function silencedNodes(
  alerts: Pick<AlertBoard, 'silencesOf'>,
  firing: readonly StoredIncident[],
  signal: AbortSignal,
): Promise<readonly ReportNode[]> {
  try {
    const found = await alerts.silencesOf(firing, signal);
    return found.map(({ silence, count }): ReportNode => {
      const { id, createdBy: person, comment: reason, endsAt } = silence;
      const params = { count, person, reason, silence: id, until: { moment: endsAt } };
      return { type: 'paragraph', text: say('alert.show.silenced', params) };
    });
  } catch (error) {
    const isAlertmanagers = error instanceof AppError && error.code.startsWith('E_ALERTMANAGER_');
    if (!isAlertmanagers) throw error;
    const problem = say(error.code, error.params);
    return [{ type: 'hint', text: say('alert.show.unasked', { problem }) }];
  }
}
