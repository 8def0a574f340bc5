import { ringing, type GroupNews } from '../../ops/alerts/group-news.ts';
import { isQuiet, type QuietHours } from '../../ops/alerts/quiet-hours.ts';
import { criticalRank, isCritical } from '../../ops/alerts/severity.ts';
import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { StoredGroup, StoredIncident } from '../../platform/store/alert-row.ts';
import type { HeldGroups } from '../../platform/store/held-groups.ts';

/** What holding back is made of. */
export interface HeldBackParts {
  readonly incidents: AlertIncidents;
  readonly held: HeldGroups;
  /** Null: there are none. */
  readonly quietHours: QuietHours | null;
}

/** News, and since when (ms) people have not heard of the group where it had to wait. */
export interface WaitedNews extends GroupNews {
  readonly waitedSince?: number;
}

/** A group that fired and was over before people were to be told. */
export interface OverGroup {
  readonly stored: StoredGroup;
  /** Of the worst. */
  readonly severity: number;
  /** From the first to the last of it, ms since the epoch. */
  readonly since: number;
  readonly until: number;
}

/** What is to be told now of what had waited. */
export interface Released {
  /** Of groups in which something still fires. */
  readonly news: readonly WaitedNews[];
  readonly over: readonly OverGroup[];
}

/** In one go. */
const mostGroups = 1000;
const mostAlerts = 1000;

/**
 * What people are not told at once: in the quiet hours all but what is critical. It is written down as
 * it comes, so that neither a restart nor another config loses it.
 */
export class HeldBack {
  readonly #parts: HeldBackParts;

  constructor(parts: HeldBackParts) {
    this.#parts = parts;
  }

  #isQuiet(now: number): boolean {
    const { quietHours } = this.#parts;
    return quietHours !== null && isQuiet(quietHours, now);
  }

  /** What of this is told now, with what had waited in the same group; null: nothing. */
  pass(news: GroupNews, now: number): WaitedNews | null {
    const { held } = this.#parts;
    const { group, resolved, short } = news;
    const isLoud = ringing(news).some(isCritical);
    if (this.#isQuiet(now) && !isLoud) {
      // What is told of now was taken in, and may have ended, a moment before.
      if (ringing(news).length + short.length > 0) held.hold(group, sinceOf(news, now));
      // What is over is shown by an edit, which rings nobody either.
      else if (resolved.some(isCritical)) return news;
      return null;
    }
    const since = held.release(group);
    if (since === null) return news;
    const waited = this.#firing(group, since).filter((each) => !contains(news, each));
    // What is new and not listed is among what fires, too.
    const unlisted = this.#firingCount(group, since) - ringing(news).length - waited.length;
    const more = { ...news.more, reopened: 0, worse: 0, opened: unlisted };
    const { opened, worse } = this.#apart(waited, group, since);
    const all = { opened: [...news.opened, ...opened], worse: [...news.worse, ...worse] };
    return { ...news, ...all, more, waitedSince: since };
  }

  /** Takes out what need not wait any longer. */
  due(now: number): Released {
    const { incidents, held } = this.#parts;
    const news: WaitedNews[] = [];
    const over: OverGroup[] = [];
    // What was lost and is critical waits for no morning.
    const least = this.#isQuiet(now) ? criticalRank : null;
    for (const { group, since } of held.all(least, mostGroups)) {
      const firing = this.#firing(group, since);
      const kinds = this.#apart(firing, group, since);
      held.release(group);
      const stored = incidents.group(group);
      const ended = incidents.ended(group, since, mostAlerts);
      if (firing.length > 0) {
        const rest = { reopened: [], resolved: [], short: [] };
        const more = { opened: this.#firingCount(group, since) - firing.length };
        news.push({ group, ...kinds, ...rest, more, waitedSince: since });
      } else if (stored !== null && ended.length > 0) {
        over.push({
          stored,
          severity: Math.max(...ended.map((each) => each.severity)),
          since: Math.min(...ended.map((each) => each.openedAt)),
          until: Math.max(...ended.map((each) => each.changedAt)),
        });
      }
    }
    return { news, over };
  }

  /** What fires and people have not heard of: all of it where no message shows the group. */
  #firing(group: string, since: number): readonly StoredIncident[] {
    const { incidents } = this.#parts;
    const from = this.#unheardSince(group, since);
    return incidents.firing(group, mostAlerts).filter(({ changedAt }) => changedAt >= from);
  }

  /** What people know and has become worse, and the rest. Only what a script says changes so. */
  #apart(
    firing: readonly StoredIncident[],
    id: string,
    since: number,
  ): Pick<GroupNews, 'opened' | 'worse'> {
    const group = this.#parts.incidents.group(id);
    const isKnown = ({ openedAt }: StoredIncident): boolean =>
      group?.source === 'plain' && group.message !== null && openedAt < since;
    return { opened: firing.filter((each) => !isKnown(each)), worse: firing.filter(isKnown) };
  }

  #firingCount(group: string, since: number): number {
    return this.#parts.incidents.totals.firingOf(group, this.#unheardSince(group, since));
  }

  #unheardSince(group: string, since: number): number {
    return this.#parts.incidents.group(group)?.message === null ? 0 : since;
  }
}

function contains(news: GroupNews, incident: StoredIncident): boolean {
  return ringing(news).some(
    ({ fingerprint, startsAt }) =>
      fingerprint === incident.fingerprint && startsAt === incident.startsAt,
  );
}

/** What is new was taken in before it is told, in parts; of what is much, not all is listed. */
const takenInMs = 10_000;

/** From when on (ms since the epoch) people have not heard of the group. `now`: likewise. */
export function sinceOf({ waitedSince, ...news }: WaitedNews, now: number): number {
  const times = [...ringing(news), ...news.short].map(({ changedAt }) => changedAt);
  return Math.min(now, waitedSince ?? now, ...times) - takenInMs;
}
