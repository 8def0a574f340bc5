import type { AlertNews, AlertNewsKind } from '../../platform/store/alert-news.ts';
import type { StoredIncident } from '../../platform/store/alert-row.ts';
import { isCritical } from './severity.ts';

/** What notifications have changed in one group, for those who tell people. Worst first. */
export interface GroupNews {
  readonly group: string;
  /** Fires now and did not before. */
  readonly opened: readonly StoredIncident[];
  /** Fires again, though it was told to be over. */
  readonly reopened: readonly StoredIncident[];
  /** Fires on, with a higher severity than it had. */
  readonly worse: readonly StoredIncident[];
  /** Is over and was told of before. */
  readonly resolved: readonly StoredIncident[];
  /** Was over before anybody heard of it. */
  readonly short: readonly StoredIncident[];
  /** How many there are beside those that are listed. */
  readonly more?: Readonly<Partial<Record<AlertNewsKind, number>>>;
}

/** What of it rings: an edit would be heard by nobody. */
export function ringing({
  opened,
  reopened,
  worse,
}: Pick<GroupNews, 'opened' | 'reopened' | 'worse'>): readonly StoredIncident[] {
  return [...opened, ...reopened, ...worse];
}

/** What of it people are called for: it is critical, and was not before. */
export function calling({ opened, worse }: GroupNews): readonly StoredIncident[] {
  return [...opened, ...worse].filter(isCritical);
}

/** Of one kind in one group that many are listed; nobody reads more. */
const mostListed = 50;

const nothing = { opened: 0, reopened: 0, worse: 0, milder: 0, resolved: 0, short: 0 };

/**
 * What is to be told, group by group in the order of their coming. Of what has become milder there is
 * nothing to say but what the group's message shows.
 */
export function gatherNews(news: AlertNews): readonly GroupNews[] {
  const groups = new Map<string, Record<AlertNewsKind, StoredIncident[]>>();
  const counts = new Map<string, Record<AlertNewsKind, number>>();
  for (const { group, what, incident, count } of news.all(mostListed)) {
    const lists = groups.get(group) ?? {
      ...{ opened: [], reopened: [], worse: [], milder: [], resolved: [], short: [] },
    };
    const sums = counts.get(group) ?? { ...nothing };
    groups.set(group, lists);
    counts.set(group, sums);
    lists[what].push(incident);
    sums[what] = count - lists[what].length;
  }
  return [...groups].map(([group, { opened, reopened, worse, resolved, short }]) => ({
    ...{ group, opened, reopened, worse, resolved, short },
    more: counts.get(group) ?? {},
  }));
}
