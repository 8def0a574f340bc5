import { z } from 'zod';
import { groupRow, incidentRow, type StoredGroup, type StoredIncident } from './alert-row.ts';
import type { Database } from './database.ts';

const idRow = z.object({ group_id: z.string() });

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

  /**
   * Takes Alertmanager's word back for what it has told to be over since `since` (ms): it gives up what
   * nobody reports to it. Returns the groups of it.
   */
  doubtEnded(since: number): ReadonlySet<string> {
    const doubted = this.#database.all(
      idRow,
      `UPDATE alert_incidents SET ended_by = 'unreported'
       WHERE state = 'resolved' AND changed_at >= :since AND ended_by = 'resolved'
         AND group_id IN (SELECT id FROM alert_groups WHERE source = 'alertmanager')
       RETURNING group_id`,
      { since },
    );
    return new Set(doubted.map((row) => row.group_id));
  }
}
