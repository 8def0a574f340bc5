import type { AlertIncidents, UnrepeatedIncident } from '../../platform/store/alert-incidents.ts';
import type { AlertNews } from '../../platform/store/alert-news.ts';
import type { Database } from '../../platform/store/database.ts';
import type { Witness } from './evidence.ts';
import { Turns } from './turns.ts';

/** What was told of within this time (ms) may not stand in a list that was asked for since. */
const freshMs = 60_000;
/** A script that has said nothing of it for so long (ms) has forgotten it. */
const forgottenMs = 24 * 3_600_000;
const page = 500;

/** What ending takes. */
export interface UnreportedParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly incidents: AlertIncidents;
  readonly news: AlertNews;
}

/**
 * Ends what fires by our book and is not known to Alertmanager any more: a silence swallows the
 * resolve of what it covers (alertmanager#226), and a group whose route is gone is never told of
 * again. Also what a script has not repeated for a day. What Grafana tells nobody can be asked about.
 * A page is a transaction, and others have their turn in between. `now` in ms since the epoch.
 */
export async function endUnreported(
  parts: UnreportedParts,
  witness: Witness,
  now: number,
): Promise<void> {
  const turns = new Turns();
  const sources = [
    { source: 'alertmanager', before: now - freshMs, isOver: isAbsent(witness) },
    { source: 'plain', before: now - forgottenMs, isOver: () => true },
  ] as const;
  for (const { source, before, isOver } of sources) {
    for (let after: UnrepeatedIncident | null = null; ;) {
      const found: readonly UnrepeatedIncident[] = parts.incidents.unrepeated(
        ...([source, before, after, page] as const),
      );
      end(parts, found.filter(isOver), now);
      after = found.at(-1) ?? null;
      if (after === null) break;
      if (turns.isDue) await turns.rest();
    }
  }
}

const isAbsent =
  (witness: Witness) =>
  ({ fingerprint }: UnrepeatedIncident): boolean =>
    witness(fingerprint) === 'absent';

function end(
  { database, incidents, news }: UnreportedParts,
  over: readonly UnrepeatedIncident[],
  now: number,
): void {
  if (over.length === 0) return;
  database.transaction(() => {
    for (const { group, fingerprint, startsAt, toldAt } of over) {
      const known = incidents.find(group, fingerprint, startsAt);
      // Told of in the meantime.
      if (known?.state !== 'firing' || known.toldAt !== toldAt) continue;
      incidents.put({ ...known, state: 'resolved', endedBy: 'unreported', changedAt: now });
      news.note(known, 'resolved');
    }
  });
}
