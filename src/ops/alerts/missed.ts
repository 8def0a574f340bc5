import type { ActiveGroup } from '../../platform/alertmanager/alertmanager-api.ts';
import type { AlertLookups } from '../../platform/store/alert-lookups.ts';
import type { StoredGroup } from '../../platform/store/alert-row.ts';
import type { Notification } from './notification.ts';

/** More groups of one receiver are not looked through. */
const mostGroups = 50_000;

const keyOf = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * What Alertmanager would post now, as the posts of it, for groups that were posted before: it may
 * believe that it has told of it, and would wait for hours to say it again, where the store is of
 * yesterday's backup. A group that was never posted has a key that only its post tells; that post
 * comes with the group's next interval.
 */
export function missedPosts(
  active: readonly ActiveGroup[],
  lookups: Pick<AlertLookups, 'groupsOf'>,
): readonly Notification[] {
  const known = new Map<string, ReadonlyMap<string, StoredGroup>>();
  const groupsOf = (receiver: string): ReadonlyMap<string, StoredGroup> => {
    const before = known.get(receiver);
    if (before !== undefined) return before;
    // The newest comes first, and is to win: a route that was changed leaves its old key behind.
    const found = [...lookups.groupsOf(receiver, mostGroups)].reverse();
    const groups = new Map(found.map((group) => [keyOf(group.labels), group]));
    known.set(receiver, groups);
    return groups;
  };
  return active.flatMap(({ labels, receiver, alerts }): Notification[] => {
    const group = groupsOf(receiver.name).get(keyOf(labels));
    const told = alerts.filter(({ status }) => status.mutedBy.length === 0);
    if (group === undefined || told.length === 0) return [];
    const { groupKey, externalUrl } = group;
    return [
      {
        ...{ source: 'alertmanager', receiver: receiver.name, groupKey, externalUrl },
        groupLabels: labels,
        alerts: told.map(({ generatorURL: generatorUrl, startsAt, fingerprint, ...rest }) => ({
          ...{ fingerprint, status: 'firing', startsAt, endsAt: null, generatorUrl },
          ...{ labels: rest.labels, annotations: rest.annotations },
        })),
      },
    ];
  });
}
