import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { StoredIncident } from '../../platform/store/alert-row.ts';
import { judge, type Evidence } from './incident.ts';
import { groupIdOf, type NotifiedAlert, type Notification } from './notification.ts';
import { rankOf, severityOf } from './severity.ts';

/** What notifications have changed in one group, for those who tell people. */
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
}

/** What it is to people who have not heard of its beginning yet. */
const untold = {
  opened: 'opened',
  reopened: 'opened',
  resolved: 'short',
  short: 'short',
} as const;

function nameOf({ labels, fingerprint }: NotifiedAlert): string {
  return labels['alertname'] ?? fingerprint;
}

/**
 * Takes notifications in: changes incidents and collects what is new of them. For one transaction:
 * what is new must be told in the same one.
 */
export class AlertIntake {
  readonly #incidents: AlertIncidents;
  readonly #evidence: (fingerprint: string) => Evidence;
  readonly #now: number;
  readonly #opened = new Map<string, Set<string>>();
  readonly #touched = new Map<string, Map<string, 'opened' | 'reopened' | 'resolved' | 'short'>>();

  /** `now`: ms since the epoch; `evidence`: of Alertmanager, asked for after they came in. */
  constructor(incidents: AlertIncidents, evidence: (fingerprint: string) => Evidence, now: number) {
    this.#incidents = incidents;
    this.#evidence = evidence;
    this.#now = now;
  }

  /** One notification. */
  take(told: Notification): void {
    const group = groupIdOf(told);
    const { receiver, groupKey, groupLabels: labels, externalUrl } = told;
    this.#incidents.noteGroup({ id: group, receiver, groupKey, labels, externalUrl });
    for (const alert of told.alerts) this.#takeAlert(group, alert);
  }

  #takeAlert(group: string, alert: NotifiedAlert): void {
    const incidents = this.#incidents;
    const { fingerprint, startsAt } = alert;
    const known = incidents.find(group, fingerprint, startsAt);
    const newest = incidents.newestStart(group, fingerprint);
    const verdict = judge(known, newest, alert, this.#evidence(fingerprint));
    switch (verdict) {
      case 'opened':
        incidents.supersede(group, fingerprint, startsAt, this.#now);
        incidents.put(this.#fresh(group, alert, null));
        this.#note(group, alert, verdict);
        return;
      case 'short':
        incidents.supersede(group, fingerprint, startsAt, this.#now);
        incidents.put(this.#fresh(group, alert, 'resolved'));
        this.#note(group, alert, verdict);
        return;
      case 'late':
        incidents.put(this.#fresh(group, alert, 'superseded'));
        this.#note(group, alert, 'short');
        return;
      case 'resolved':
      case 'reopened':
        if (known !== null) incidents.put(this.#changed(known, alert, verdict));
        this.#note(group, alert, verdict);
        return;
      case 'same':
        if (known?.state === 'firing') {
          const { annotations } = alert;
          incidents.put({ ...known, annotations, toldAt: this.#now });
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
    const now = this.#now;
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
    const shared = { ...known, annotations, changedAt: this.#now, toldAt: this.#now };
    return verdict === 'resolved'
      ? { ...shared, state: 'resolved', endedBy: 'resolved', endsAt: endsAt ?? known.endsAt }
      : { ...shared, state: 'firing', endedBy: null, acknowledged: null };
  }

  #note(
    group: string,
    { fingerprint, startsAt }: NotifiedAlert,
    what: 'opened' | 'reopened' | 'resolved' | 'short',
  ): void {
    const key = `${fingerprint} ${startsAt}`;
    const touched = this.#touched.get(group) ?? new Map<string, typeof what>();
    const opened = this.#opened.get(group) ?? new Set<string>();
    this.#touched.set(group, touched);
    this.#opened.set(group, opened);
    if (what === 'opened') opened.add(key);
    touched.set(key, opened.has(key) ? untold[what] : what);
  }

  /** What all of them have changed, group by group in the order of their coming. */
  news(): readonly GroupNews[] {
    return [...this.#touched].map(([group, touched]) => {
      const pick = (wanted: 'opened' | 'reopened' | 'resolved' | 'short') =>
        [...touched]
          .filter(([, what]) => what === wanted)
          .flatMap(([key]) => {
            const [fingerprint = '', startsAt = ''] = key.split(' ');
            return this.#incidents.find(group, fingerprint, Number(startsAt)) ?? [];
          });
      return {
        group,
        opened: pick('opened'),
        reopened: pick('reopened'),
        resolved: pick('resolved'),
        short: pick('short'),
      };
    });
  }
}
