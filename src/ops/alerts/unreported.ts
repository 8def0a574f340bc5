import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { Witness } from './evidence.ts';
import type { GroupNews } from './intake.ts';

/** What was told of within this time (ms) may not stand in a list that was asked for since. */
const freshMs = 60_000;
/** Looked at in one go. */
const most = 50_000;

/**
 * Ends what fires by our book and is not known to Alertmanager any more: a silence swallows the
 * resolve of what it covers (alertmanager#226), and a group whose route is gone is never told of
 * again. For one transaction; `now` in ms since the epoch.
 */
export function endUnreported(
  incidents: AlertIncidents,
  witness: Witness,
  now: number,
): readonly GroupNews[] {
  const byGroup = new Map<string, GroupNews & { readonly resolved: GroupNews['resolved'] }>();
  for (const incident of incidents.firing(null, most)) {
    if (now - incident.toldAt < freshMs || witness(incident.fingerprint) !== 'absent') continue;
    const ended = {
      ...incident,
      state: 'resolved',
      endedBy: 'unreported',
      changedAt: now,
    } as const;
    incidents.put(ended);
    const { group } = incident;
    const before = byGroup.get(group)?.resolved ?? [];
    const resolved = [...before, ended];
    byGroup.set(group, { group, opened: [], reopened: [], short: [], resolved });
  }
  return [...byGroup.values()];
}
