import { z } from 'zod';
import type { StoredIncident } from './alert-row.ts';
import type { Database } from './database.ts';

const countRow = z.object({ count: z.int() });
const totalRow = z.object({ groups: z.int(), count: z.int(), since: z.int().nullable() });

/** How many there are of what a list holds only the first of. */
export interface AlertTotal {
  readonly groups: number;
  readonly count: number;
  /** When the oldest began by its sender's word, ms since the epoch; null: there is none. */
  readonly since: number | null;
}

/** Counts of incidents, however many there are. */
export class AlertTotals {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What fires in the groups that a message shows. */
  firingIn(message: number): AlertTotal {
    // CROSS JOIN: SQLite keeps this order, from the few groups of a message to what fires in them.
    return this.#total(
      `SELECT count(DISTINCT group_id) AS groups, count(*) AS count, min(starts_at) AS since
       FROM alert_groups CROSS JOIN alert_incidents ON alert_groups.id = group_id
       WHERE message = :message AND state = 'firing'`,
      { message },
    );
  }

  /** How many of those that a message shows were over since `since`, ms. */
  endedIn(message: number, since: number): number {
    const sql = `SELECT count(*) AS count
      FROM alert_groups CROSS JOIN alert_incidents ON alert_groups.id = group_id
      WHERE message = :message AND state = 'resolved' AND changed_at >= :since`;
    return this.#database.get(countRow, sql, { message, since })?.count ?? 0;
  }

  /** What of a group was over since `since`, ms. */
  endedOf(group: string, since: number): AlertTotal {
    return this.#total(
      `SELECT 1 AS groups, count(*) AS count, min(starts_at) AS since FROM alert_incidents
       WHERE group_id = :group AND state = 'resolved' AND changed_at >= :since`,
      { group, since },
    );
  }

  /** How many fire in a group and have done so since `since` (ms, our clock) or later. */
  firingOf(group: string, since: number): number {
    const sql = `SELECT count(*) AS count FROM alert_incidents
      WHERE group_id = :group AND state = 'firing' AND changed_at >= :since`;
    return this.#database.get(countRow, sql, { group, since })?.count ?? 0;
  }

  /** How often the same alert of the same group has begun before this, as far as is on record. */
  begunBefore(incident: Pick<StoredIncident, 'group' | 'fingerprint' | 'startsAt'>): number {
    const { group, fingerprint, startsAt } = incident;
    const sql = `SELECT count(*) AS count FROM alert_incidents
      WHERE group_id = :group AND fingerprint = :fingerprint AND starts_at < :startsAt`;
    return this.#database.get(countRow, sql, { group, fingerprint, startsAt })?.count ?? 0;
  }

  #total(sql: string, values: Readonly<Record<string, string | number>>): AlertTotal {
    return this.#database.get(totalRow, sql, values) ?? { groups: 0, count: 0, since: null };
  }
}
