import { onTestFinished } from 'vitest';
import type { Evidence, ToldAlert } from '../../../../src/ops/alerts/incident.ts';
import { gatherNews } from '../../../../src/ops/alerts/group-news.ts';
import { AlertIntake } from '../../../../src/ops/alerts/intake.ts';
import type { Notification } from '../../../../src/ops/alerts/notification.ts';
import { AlertIncidents } from '../../../../src/platform/store/alert-incidents.ts';
import { AlertNews } from '../../../../src/platform/store/alert-news.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';

/** What truly was. Times in ms; `endsAt` null: it still fires. */
export interface Truth {
  readonly startsAt: number;
  readonly endsAt: number | null;
}

const fingerprint = '00000000000000aa';

/** A notification about one alert of the only group. */
const notificationOf = (groupKey: string, alert: ToldAlert): Notification => ({
  source: 'alertmanager',
  ...{ receiver: 'urtc', groupKey, groupLabels: { alertname: 'A' }, externalUrl: '' },
  alerts: [
    { ...alert, fingerprint, labels: { alertname: 'A' }, annotations: {}, generatorUrl: '' },
  ],
});

let database: Database | null = null;
let books = 0;

/** Takes notifications in on a real store, each in a turn of its own, and counts what rings. */
export class IncidentBook {
  readonly #database: Database;
  readonly #incidents: AlertIncidents;
  readonly #news: AlertNews;
  readonly #groupKey: string;
  readonly #rung = new Map<number, number>();
  #group = '';

  constructor() {
    if (database === null) {
      const opened = stateIn(tempFolder());
      database = opened;
      onTestFinished(() => {
        database = null;
        opened.close();
      });
    }
    this.#database = database;
    this.#incidents = new AlertIncidents(database);
    this.#news = new AlertNews(database);
    books += 1;
    this.#groupKey = `{}/{book="${books}"}`;
  }

  take(alert: ToldAlert, evidence: Evidence): void {
    const told = this.#database.relaxedTransaction(() => {
      const parts = { incidents: this.#incidents, news: this.#news, now: 1000 };
      const intake = new AlertIntake({ ...parts, evidence: () => evidence });
      intake.take(notificationOf(this.#groupKey, alert));
      const news = gatherNews(this.#news);
      this.#news.clear();
      return news;
    });
    for (const news of told) {
      this.#group = news.group;
      for (const { startsAt } of [...news.opened, ...news.short]) {
        this.#rung.set(startsAt, (this.#rung.get(startsAt) ?? 0) + 1);
      }
    }
  }

  /** How often this incident was told as new. */
  rung(startsAt: number): number {
    return this.#rung.get(startsAt) ?? 0;
  }

  /** What is shown of the newest of them. */
  stateOf(all: readonly Truth[]): string | undefined {
    const startsAt = all.at(-1)?.startsAt ?? 0;
    return this.#incidents.find(this.#group, fingerprint, startsAt)?.state;
  }
}
