import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertNews } from '../../platform/store/alert-news.ts';
import type { StoredIncident } from '../../platform/store/alert-row.ts';
import type { Witness } from './evidence.ts';
import { judge } from './incident.ts';
import { groupIdOf, type NotifiedAlert, type Notification } from './notification.ts';
import { settlePlain } from './plain-payload.ts';
import { rankOf, severityOf } from './severity.ts';

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
      for (const alert of meant) this.#takeAlert(group, alert, source === 'alertmanager');
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
        if (known?.state === 'firing') this.#goOn(known, alert);
        return;
      case 'replay':
        return;
      default:
        verdict satisfies never;
    }
  }

  /** A rise in severity rings; a fall only shows. */
  #goOn(known: StoredIncident, { annotations, labels }: NotifiedAlert): void {
    const { incidents, news, now } = this.#parts;
    incidents.noteSame({ ...known, annotations }, now);
    const severity = rankOf(severityOf(labels));
    if (severity === known.severity) return;
    const isWorse = severity > known.severity;
    incidents.changeSeverity({ ...known, severity, labels }, isWorse ? now : known.changedAt);
    news.note(known, isWorse ? 'worse' : 'milder');
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
      labelsLeftOut: alert.labelsLeftOut ?? 0,
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
