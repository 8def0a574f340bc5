import type { AlertTotals } from '../../platform/store/alert-totals.ts';
import type { StoredIncident } from '../../platform/store/alert-row.ts';

/**
 * How it is said that these have begun to fire: `again` where each of them had fired before and was
 * over, as a flapping one does. `others`: how many there are beside them, of which that is not known.
 */
export function beganAs(
  begun: readonly StoredIncident[],
  others: number,
  totals: Pick<AlertTotals, 'begunBefore'>,
): 'opened' | 'partly-again' | 'again' {
  const again = begun.filter((incident) => totals.begunBefore(incident) > 0).length;
  if (again === 0) return 'opened';
  return again === begun.length && others === 0 ? 'again' : 'partly-again';
}
