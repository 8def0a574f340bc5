import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertNews, AlertNewsKind } from '../../platform/store/alert-news.ts';
import type { StoredIncident } from '../../platform/store/alert-row.ts';
import type { Witness } from './evidence.ts';
import { judge } from './incident.ts';
import { groupIdOf, type NotifiedAlert, type Notification } from './notification.ts';
import { settlePlain } from './plain-payload.ts';
import { rankOf, severityOf } from './severity.ts';

/** What notifications have changed in one group, for those who tell people. Worst first. */
export interface GroupNews {
  readonly group: string;
  /** Fires now and did not before. */
  readonly opened: readonly StoredIncident[];
  /** Fires again, though it was told to be over. */
  readonly reopened: readonly StoredIncident[];
  /** Is over and was told of before. */
  readonly resolved: readonly StoredIncident[];
  /** Was over before anybody heard of it. */
  readonly short: readonly StoredIncident[];
  /** How many there are beside those that are listed. */
  readonly more?: Readonly<Partial<Record<AlertNewsKind, number>>>;
}

/** What the intake changes, and whom it believes. */
export interface AlertIntakeParts {
  readonly incidents: AlertIncidents;
  readonly news: AlertNews;
  /** Alertmanager, asked after the notifications came in. */
  readonly evidence: Witness;
  /** ms since the epoch. */
  readonly now: number;
}

function nameOf({ labels, fingerprint }: NotifiedAlert): string {
  return labels['alertname'] ?? fingerprint;
}

/** Takes notifications in: changes incidents and notes what is new of them. For one transaction. */
export class AlertIntake {
  readonly #parts: AlertIntakeParts;

  constructor(parts: AlertIntakeParts) {
    this.#parts = parts;
  }

  /** One notification. */
  take(told: Notification): void {
    const { incidents } = this.#parts;
    const group = groupIdOf(told);
    const { source, receiver, groupKey, groupLabels: labels, externalUrl } = told;
    incidents.noteGroup({ id: group, source, receiver, groupKey, labels, externalUrl });
    const { alerts } = told;
    for (const sent of alerts) {
      const meant = source === 'plain' ? settlePlain(sent, incidents.firing(group, 100)) : [sent];
      for (const alert of meant) {
        // Another severity takes the place of the one before: nothing is over, nobody is told so.
        if (alert.status === sent.status) {
          this.#takeAlert(group, alert, source === 'alertmanager');
        } else {
          incidents.supersede(group, alert.fingerprint, alert.startsAt + 1, this.#parts.now);
        }
      }
    }
  }

  #takeAlert(group: string, alert: NotifiedAlert, isAlertmanagers: boolean): void {
    const { incidents, news, evidence, now } = this.#parts;
    const { fingerprint, startsAt } = alert;
    const key = { group, fingerprint, startsAt };
    const known = incidents.find(group, fingerprint, startsAt);
    const newest = incidents.newestStart(group, fingerprint);
    const verdict = judge(
      known,
      newest,
      alert,
      isAlertmanagers ? evidence(fingerprint) : 'unknown',
    );
    switch (verdict) {
      case 'opened':
      case 'short':
        if (newest !== null) incidents.supersede(group, fingerprint, startsAt, now);
        incidents.put(this.#fresh(group, alert, verdict === 'short' ? 'resolved' : null));
        news.note(key, verdict);
        return;
      case 'late':
        incidents.put(this.#fresh(group, alert, 'superseded'));
        news.note(key, 'short');
        return;
      case 'resolved':
      case 'reopened':
        if (known !== null) incidents.put(this.#changed(known, alert, verdict));
        news.note(key, verdict);
        return;
      case 'same':
        if (known?.state === 'firing') {
          incidents.noteSame({ ...key, annotations: alert.annotations }, now);
        }
        return;
      case 'replay':
        return;
      default:
        verdict satisfies never;
    }
  }

  #fresh(
    group: string,
    alert: NotifiedAlert,
    endedBy: 'resolved' | 'superseded' | null,
  ): StoredIncident {
    const { fingerprint, startsAt, endsAt, labels, annotations, generatorUrl } = alert;
    const { now } = this.#parts;
    return {
      ...{ group, fingerprint, startsAt, endsAt, endedBy, labels, annotations, generatorUrl },
      state: endedBy === null ? 'firing' : 'resolved',
      ...{ openedAt: now, changedAt: now, toldAt: now },
      severity: rankOf(severityOf(labels)),
      name: nameOf(alert),
      acknowledged: null,
    };
  }

  #changed(
    known: StoredIncident,
    { annotations, endsAt }: NotifiedAlert,
    verdict: 'resolved' | 'reopened',
  ): StoredIncident {
    const { now } = this.#parts;
    const shared = { ...known, annotations, changedAt: now, toldAt: now };
    return verdict === 'resolved'
      ? { ...shared, state: 'resolved', endedBy: 'resolved', endsAt: endsAt ?? known.endsAt }
      : { ...shared, state: 'firing', endedBy: null, acknowledged: null };
  }
}

/** Of one kind in one group that many are listed; nobody reads more. */
const mostListed = 50;

/** What is to be told, group by group in the order of their coming. */
export function gatherNews(news: AlertNews): readonly GroupNews[] {
  const groups = new Map<string, Record<AlertNewsKind, StoredIncident[]>>();
  const counts = new Map<string, Record<AlertNewsKind, number>>();
  for (const { group, what, incident, count } of news.all(mostListed)) {
    const lists = groups.get(group) ?? { opened: [], reopened: [], resolved: [], short: [] };
    const sums = counts.get(group) ?? { opened: 0, reopened: 0, resolved: 0, short: 0 };
    groups.set(group, lists);
    counts.set(group, sums);
    lists[what].push(incident);
    sums[what] = count - lists[what].length;
  }
  return [...groups].map(([group, lists]) => ({ group, ...lists, more: counts.get(group) ?? {} }));
}
