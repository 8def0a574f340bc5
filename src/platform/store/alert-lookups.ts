import { groupRow, incidentRow, type StoredGroup, type StoredIncident } from './alert-row.ts';
import type { Database } from './database.ts';

/** Alerts and groups by what senders call them. */
export class AlertLookups {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Groups that Alertmanager posts to this receiver, those that came last first. */
  groupsOf(receiver: string, limit: number): readonly StoredGroup[] {
    return this.#database.all(
      groupRow,
      `SELECT * FROM alert_groups WHERE source = 'alertmanager' AND receiver = :receiver
       ORDER BY rowid DESC LIMIT :limit`,
      { receiver, limit },
    );
  }

  /** What fires under this name (the label `alertname`). */
  firingNamed(name: string, limit: number): readonly StoredIncident[] {
    return this.#database.all(
      incidentRow,
      "SELECT * FROM alert_incidents WHERE state = 'firing' AND name = :name LIMIT :limit",
      { name, limit },
    );
  }
}
