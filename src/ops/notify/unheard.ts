import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertPosts } from '../../platform/store/alert-posts.ts';
import type { OutboxWatch } from '../../platform/store/outbox-watch.ts';
import { groupName } from '../alerts/group-name.ts';
import { groupIdOf, readNotification } from '../alerts/notification.ts';
import { rankOf, severityOf } from '../alerts/severity.ts';

/** What people would read in the room if it took anything. */
export interface Unheard {
  /** Messages that wait, and posts of alerts that are no message yet. */
  readonly messages: number;
  /** Alerts that fire. */
  readonly alerts: number;
  /** Worst first. `severity` as a rank. */
  readonly groups: readonly {
    readonly name: string;
    readonly severity: number;
    readonly count: number;
  }[];
}

/** What it is read from. */
export interface UnheardSources {
  readonly outbox: OutboxWatch;
  readonly incidents: Pick<AlertIncidents, 'firingGroups' | 'group'>;
  readonly posts: Pick<AlertPosts, 'first' | 'depth'>;
}

const mostGroups = 1000;
const mostBytes = 1024 * 1024;
/** Posts that are read; a bot that began without its home server has taken none of them in. */
const mostPosts = 100;

/** `now`: ms since the epoch. */
export function readUnheard({ outbox, incidents, posts }: UnheardSources, now: number): Unheard {
  const waiting = outbox.waiting().reduce((sum, { count }) => sum + count, 0);
  const groups = new Map<string, Unheard['groups'][number]>();
  for (const { group, severity, firing } of incidents.firingGroups(null, mostGroups)) {
    const stored = incidents.group(group);
    if (stored === null) continue;
    groups.set(group, { name: groupName(stored), severity, count: firing });
  }
  for (const { body } of posts.first(mostPosts, mostBytes)) {
    const told = readNotification(body);
    const firing = told.alerts.filter(({ status }) => status === 'firing');
    const id = groupIdOf(told);
    if (firing.length === 0 || groups.has(id)) continue;
    const severity = Math.max(...firing.map(({ labels }) => rankOf(severityOf(labels))));
    const name = groupName({ labels: told.groupLabels, receiver: told.receiver });
    groups.set(id, { name, severity, count: firing.length });
  }
  const sorted = [...groups.values()].sort((a, b) => b.severity - a.severity);
  return {
    messages: waiting + posts.depth(now).waiting,
    alerts: sorted.reduce((sum, { count }) => sum + count, 0),
    groups: sorted,
  };
}
