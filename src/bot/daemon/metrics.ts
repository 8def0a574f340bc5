import { Gauge, Registry } from 'prom-client';
import type { AlertsFigures } from './alerts.ts';
import type { NotifyFigures } from './notify.ts';

/** What the metrics are read from, when they are read. */
export interface MetricSources {
  readonly version: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  ready(): boolean;
  adminApiAccepted(): boolean;
  auditTrusted(): boolean;
  /** ms since the epoch; null: never. */
  lastSyncAt(): number | null;
  inboxPending(): number;
  /** Since the start. */
  events(): {
    readonly recorded: number;
    readonly dropped: number;
    readonly malformed: number;
    readonly strangers: number;
    readonly locked: number;
    readonly distrusted: number;
    readonly replayed: number;
  };
  outbox(): { readonly queued: number; readonly oldestAgeMs: number };
  jobsUnfinished(): number;
  /** Null: the bot takes no alerts. */
  alerts(): AlertsFigures | null;
  /** Null: there is no way out but Matrix. */
  notify(): NotifyFigures | null;
  /** Rows of the outbox, since the start. */
  ended(): { readonly sent: number; readonly failed: number; readonly edits: number };
  /** Since the start. */
  silencesMade(): number;
  store(): { readonly bytes: number; readonly freeBytes: number; readonly writable: boolean };
}

/** Every metric with its help text; docs/metrics.md lists exactly these. */
export const metricHelp = {
  urtc_info: 'Always 1; the label tells the version.',
  urtc_start_time_seconds: 'When the bot started, seconds since the epoch.',
  urtc_ready: '1 while the bot can do its work (`/readyz` is 200), else 0.',
  urtc_admin_api_accepted: '1 while the home server accepts the admin credential, else 0.',
  urtc_audit_trusted: '0 when the audit log was found not to be what was written, else 1.',
  urtc_last_sync_time_seconds: 'When a sync last succeeded, seconds since the epoch; 0: never.',
  urtc_inbox_pending: 'Commands that were read and are not handled yet.',
  urtc_events_recorded_total: 'Events of the rooms that were read, since the start.',
  urtc_events_dropped_total: 'What stood in their place and was no event, since the start.',
  urtc_events_malformed_total:
    'Events with a field of a wrong type, without effect, since the start.',
  urtc_events_stranger_commands_total:
    'Commands of people who are not on the list, since the start.',
  urtc_events_locked_total:
    'Encrypted events that could not be opened when they came, since the start.',
  urtc_events_distrusted_total:
    'Events that were not sealed as they must be, without effect, since the start.',
  urtc_events_replayed_total: 'Sealed messages that came once more, since the start.',
  urtc_outbox_queued: 'Messages that wait to be sent.',
  urtc_outbox_oldest_age_seconds: 'Age of the oldest message that waits.',
  urtc_outbox_sent_total: 'Messages that the home server has taken, since the start.',
  urtc_outbox_failed_total: 'Messages that can never be sent, since the start.',
  urtc_outbox_edits_total: 'Edits among the messages that were taken, since the start.',
  urtc_jobs_unfinished: 'Jobs that wait or run.',
  urtc_alert_posts_accepted_total: 'Posts of alerts that were made durable, since the start.',
  urtc_alert_posts_refused_total: 'Posts of alerts that were refused (4xx), since the start.',
  urtc_alert_posts_deferred_total:
    'Posts of alerts that could not be made durable (503), since the start.',
  urtc_alert_posts_waiting: 'Accepted posts of alerts that are not taken in yet.',
  urtc_alert_posts_oldest_age_seconds: 'Age of the oldest of them.',
  urtc_alerts_firing: 'Alerts that fire.',
  urtc_silences_made_total: 'Silences that were made or changed by commands, since the start.',
  urtc_watchdog_age_seconds: 'How long ago the watchdog last came; 0: it is not expected.',
  urtc_watchdog_missed: '1 while the watchdog is missed: monitoring is silent.',
  urtc_matrix_out: '1 while Matrix is believed to take nothing (needs a section `notify`).',
  urtc_notify_sent_total: 'Messages that a channel out of band has taken, since the start.',
  urtc_notify_failed_total: 'Messages that a channel out of band has not taken, since the start.',
  urtc_notify_pending: '1 while something is to be told out of band that no channel has taken.',
  urtc_heartbeat_sent_total: 'Signs of life that were taken outside, since the start.',
  urtc_heartbeat_failed_total: 'Signs of life that did not arrive, since the start.',
  urtc_store_bytes: 'Size of all files of the data folder.',
  urtc_store_free_bytes: 'Free bytes on the disk of the data folder.',
  urtc_store_writable: '1 while changes are accepted, 0 when the disk was full.',
  urtc_resident_memory_bytes: 'Memory that the process holds.',
  urtc_cpu_seconds_total: 'Processor time that the process has used.',
} as const;

/** The page of `/metrics`, in Prometheus' text format. Own registry: nothing but what is listed. */
export function createMetrics(sources: MetricSources): { text(): Promise<string> } {
  const registry = new Registry();
  const gauge = (name: keyof typeof metricHelp, read: () => number): void => {
    new Gauge({
      name,
      help: metricHelp[name],
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  new Gauge({
    name: 'urtc_info',
    help: metricHelp.urtc_info,
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: sources.version }, 1);
  gauge('urtc_start_time_seconds', () => sources.startedAt / 1000);
  gauge('urtc_ready', () => Number(sources.ready()));
  gauge('urtc_admin_api_accepted', () => Number(sources.adminApiAccepted()));
  gauge('urtc_audit_trusted', () => Number(sources.auditTrusted()));
  gauge('urtc_last_sync_time_seconds', () => (sources.lastSyncAt() ?? 0) / 1000);
  gauge('urtc_inbox_pending', () => sources.inboxPending());
  gauge('urtc_events_recorded_total', () => sources.events().recorded);
  gauge('urtc_events_dropped_total', () => sources.events().dropped);
  gauge('urtc_events_malformed_total', () => sources.events().malformed);
  gauge('urtc_events_stranger_commands_total', () => sources.events().strangers);
  gauge('urtc_events_locked_total', () => sources.events().locked);
  gauge('urtc_events_distrusted_total', () => sources.events().distrusted);
  gauge('urtc_events_replayed_total', () => sources.events().replayed);
  gauge('urtc_outbox_queued', () => sources.outbox().queued);
  gauge('urtc_outbox_oldest_age_seconds', () => sources.outbox().oldestAgeMs / 1000);
  gauge('urtc_outbox_sent_total', () => sources.ended().sent);
  gauge('urtc_outbox_failed_total', () => sources.ended().failed);
  gauge('urtc_outbox_edits_total', () => sources.ended().edits);
  gauge('urtc_jobs_unfinished', () => sources.jobsUnfinished());
  const alerts = (pick: (figures: AlertsFigures) => number) => (): number => {
    const figures = sources.alerts();
    return figures === null ? 0 : pick(figures);
  };
  gauge(
    'urtc_alert_posts_accepted_total',
    alerts(({ accepted }) => accepted),
  );
  gauge(
    'urtc_alert_posts_refused_total',
    alerts(({ refused }) => refused),
  );
  gauge(
    'urtc_alert_posts_deferred_total',
    alerts(({ deferred }) => deferred),
  );
  gauge(
    'urtc_alert_posts_waiting',
    alerts(({ waiting }) => waiting),
  );
  gauge(
    'urtc_alert_posts_oldest_age_seconds',
    alerts(({ oldestAgeMs }) => oldestAgeMs / 1000),
  );
  gauge(
    'urtc_alerts_firing',
    alerts(({ firing }) => firing),
  );
  gauge('urtc_silences_made_total', () => sources.silencesMade());
  gauge(
    'urtc_watchdog_age_seconds',
    alerts(({ watchdogAgeMs }) => watchdogAgeMs / 1000),
  );
  gauge(
    'urtc_watchdog_missed',
    alerts(({ isWatchdogMissed }) => Number(isWatchdogMissed)),
  );
  gauge('urtc_matrix_out', () => Number(sources.notify()?.matrixOut ?? false));
  gauge('urtc_notify_sent_total', () => sources.notify()?.sent ?? 0);
  gauge('urtc_notify_failed_total', () => sources.notify()?.failed ?? 0);
  gauge('urtc_notify_pending', () => Number(sources.notify()?.pending ?? false));
  gauge('urtc_heartbeat_sent_total', () => sources.notify()?.heartbeatsSent ?? 0);
  gauge('urtc_heartbeat_failed_total', () => sources.notify()?.heartbeatsFailed ?? 0);
  gauge('urtc_store_bytes', () => sources.store().bytes);
  gauge('urtc_store_free_bytes', () => sources.store().freeBytes);
  gauge('urtc_store_writable', () => Number(sources.store().writable));
  gauge('urtc_resident_memory_bytes', () => process.memoryUsage.rss());
  gauge('urtc_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  return { text: () => registry.metrics() };
}
