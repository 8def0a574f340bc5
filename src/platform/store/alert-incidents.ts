import { z } from 'zod';
import {
  groupRow,
  incidentColumns,
  incidentRow,
  type Acknowledgement,
  type AlertSource,
  type StoredGroup,
  type StoredIncident,
} from './alert-row.ts';
import { AlertTotals } from './alert-totals.ts';
import type { Database } from './database.ts';

const countRow = z.object({ count: z.int() });
const startRow = z.object({ start: z.int().nullable() });
const firingGroupRow = z
  .object({ group_id: z.string(), firing: z.int(), severity: z.int(), since: z.int() })
  .transform((row): FiringGroup => ({
    group: row.group_id,
    firing: row.firing,
    severity: row.severity,
    since: row.since,
  }));
const idRow = z.object({ group_id: z.string() });
const unrepeatedRow = z
  .object({
    row: z.int(),
    group_id: z.string(),
    fingerprint: z.string(),
    starts_at: z.int(),
    told_at: z.int(),
  })
  .transform((found): UnrepeatedIncident => ({
    row: found.row,
    group: found.group_id,
    fingerprint: found.fingerprint,
    startsAt: found.starts_at,
    toldAt: found.told_at,
  }));

/** Something that fires by our book and was not told of for some time. */
export interface UnrepeatedIncident extends Pick<
  StoredIncident,
  'group' | 'fingerprint' | 'startsAt' | 'toldAt'
> {
  /** Where to go on after it. */
  readonly row: number;
}

/** A group in which something fires. */
export interface FiringGroup {
  readonly group: string;
  readonly firing: number;
  /** Of the worst. */
  readonly severity: number;
  /** When the oldest began by its sender's word, ms since the epoch. */
  readonly since: number;
}

/** Incidents and their groups. Every change is part of the caller's transaction. */
export class AlertIncidents {
  readonly totals: AlertTotals;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.totals = new AlertTotals(database);
  }

  find(group: string, fingerprint: string, startsAt: number): StoredIncident | null {
    return this.#database.get(
      incidentRow,
      `SELECT * FROM alert_incidents
       WHERE group_id = :group AND fingerprint = :fingerprint AND starts_at = :startsAt`,
      { group, fingerprint, startsAt },
    );
  }

  /** `startsAt` of the newest incident of this fingerprint in the group; null: there is none. */
  newestStart(group: string, fingerprint: string): number | null {
    const row = this.#database.get(
      startRow,
      `SELECT max(starts_at) AS start FROM alert_incidents
       WHERE group_id = :group AND fingerprint = :fingerprint`,
      { group, fingerprint },
    );
    return row?.start ?? null;
  }

  put(incident: StoredIncident): void {
    this.#database.run(
      `INSERT INTO alert_incidents (group_id, fingerprint, starts_at, state, ended_by, ends_at,
         opened_at, changed_at, told_at, severity, name, labels, annotations, generator_url,
         ack_by, ack_at, ack_note, labels_left_out)
       VALUES (:group, :fingerprint, :startsAt, :state, :endedBy, :endsAt, :openedAt, :changedAt,
         :toldAt, :severity, :name, :labels, :annotations, :generatorUrl, :ackBy, :ackAt, :ackNote,
         :labelsLeftOut)
       ON CONFLICT (group_id, fingerprint, starts_at) DO UPDATE SET
         state = excluded.state, ended_by = excluded.ended_by, ends_at = excluded.ends_at,
         changed_at = excluded.changed_at, told_at = excluded.told_at,
         annotations = excluded.annotations, ack_by = excluded.ack_by, ack_at = excluded.ack_at,
         ack_note = excluded.ack_note`,
      incidentColumns(incident),
    );
  }

  /** Ends what still fires of a fingerprint and began before `startsAt`. */
  supersede(group: string, fingerprint: string, startsAt: number, now: number): void {
    this.#database.run(
      `UPDATE alert_incidents SET state = 'resolved', ended_by = 'superseded', changed_at = :now
       WHERE group_id = :group AND fingerprint = :fingerprint AND starts_at < :startsAt
         AND state = 'firing'`,
      { group, fingerprint, startsAt, now },
    );
  }

  /** It goes on: what is said of it may have changed. */
  noteSame(
    told: Pick<StoredIncident, 'group' | 'fingerprint' | 'startsAt' | 'annotations'>,
    now: number,
  ): void {
    const { group, fingerprint, startsAt } = told;
    this.#database.run(
      `UPDATE alert_incidents SET annotations = :annotations, told_at = :now
       WHERE group_id = :group AND fingerprint = :fingerprint AND starts_at = :startsAt`,
      { group, fingerprint, startsAt, now, annotations: JSON.stringify(told.annotations) },
    );
  }

  /** It fires on, more or less badly. `changedAt`: since when that is so, ms. */
  changeSeverity(
    incident: Pick<StoredIncident, 'group' | 'fingerprint' | 'startsAt' | 'severity' | 'labels'>,
    changedAt: number,
  ): void {
    const { group, fingerprint, startsAt, severity } = incident;
    this.#database.run(
      `UPDATE alert_incidents SET severity = :severity, labels = :labels, changed_at = :changedAt
       WHERE group_id = :group AND fingerprint = :fingerprint AND starts_at = :startsAt`,
      {
        group,
        fingerprint,
        startsAt,
        severity,
        changedAt,
        labels: JSON.stringify(incident.labels),
      },
    );
  }

  /** What fires, worst first, then oldest first. `group` null: everywhere. */
  firing(group: string | null, limit: number): readonly StoredIncident[] {
    // A statement for each: one that fits both has an index for neither.
    const where = group === null ? '' : 'AND group_id = :group';
    return this.#database.all(
      incidentRow,
      `SELECT * FROM alert_incidents WHERE state = 'firing' ${where}
       ORDER BY severity DESC, opened_at LIMIT :limit`,
      group === null ? { limit } : { group, limit },
    );
  }

  /** What has ended since `since` (ms), newest first. `group` null: everywhere. */
  ended(group: string | null, since: number, limit: number): readonly StoredIncident[] {
    const where = group === null ? '' : 'AND group_id = :group';
    return this.#database.all(
      incidentRow,
      `SELECT * FROM alert_incidents WHERE state = 'resolved' AND changed_at >= :since ${where}
       ORDER BY changed_at DESC LIMIT :limit`,
      group === null ? { since, limit } : { group, since, limit },
    );
  }

  /** All of a fingerprint, newest first. */
  ofFingerprint(fingerprint: string, limit: number): readonly StoredIncident[] {
    return this.#database.all(
      incidentRow,
      `SELECT * FROM alert_incidents WHERE fingerprint = :fingerprint
       ORDER BY starts_at DESC LIMIT :limit`,
      { fingerprint, limit },
    );
  }

  /** Groups in which something fires, the worst first. `message`: only those that it shows; null: all. */
  firingGroups(message: number | null, limit: number): readonly FiringGroup[] {
    // CROSS JOIN: SQLite keeps this order, from the few groups of a message to what fires in them.
    const from =
      message === null
        ? "alert_incidents WHERE state = 'firing'"
        : `alert_groups CROSS JOIN alert_incidents ON alert_groups.id = group_id
           WHERE message = :message AND state = 'firing'`;
    return this.#database.all(
      firingGroupRow,
      `SELECT group_id, count(*) AS firing, max(severity) AS severity, min(starts_at) AS since
       FROM ${from}
       GROUP BY group_id ORDER BY max(severity) DESC, min(opened_at) LIMIT :limit`,
      message === null ? { limit } : { message, limit },
    );
  }

  /** How many fire everywhere. */
  allFiring(): number {
    const sql = "SELECT count(*) AS count FROM alert_incidents WHERE state = 'firing'";
    return this.#database.get(countRow, sql)?.count ?? 0;
  }

  /** What a source has told to fire and has not told of since `before` (ms), a page after `after`. */
  unrepeated(
    source: AlertSource,
    before: number,
    after: UnrepeatedIncident | null,
    limit: number,
  ): readonly UnrepeatedIncident[] {
    return this.#database.all(
      unrepeatedRow,
      `SELECT alert_incidents.rowid AS row, group_id, fingerprint, starts_at, told_at
       FROM alert_incidents CROSS JOIN alert_groups ON alert_groups.id = group_id
       WHERE state = 'firing' AND told_at <= :before AND source = :source
         AND (told_at, alert_incidents.rowid) > (:toldAt, :row)
       ORDER BY told_at, alert_incidents.rowid LIMIT :limit`,
      { source, before, limit, toldAt: after?.toldAt ?? -1, row: after?.row ?? -1 },
    );
  }

  /** How many fire in a group. */
  firingCount(group: string): number {
    const sql = `SELECT count(*) AS count FROM alert_incidents
      WHERE group_id = :group AND state = 'firing'`;
    return this.#database.get(countRow, sql, { group })?.count ?? 0;
  }

  /** `startsAt` of the oldest that fires in a group; null: none does. */
  firingSince(group: string): number | null {
    const sql = `SELECT min(starts_at) AS start FROM alert_incidents
      WHERE group_id = :group AND state = 'firing'`;
    return this.#database.get(startRow, sql, { group })?.start ?? null;
  }

  /** Says who is on it, for all that fire in the group. Returns how many. */
  acknowledge(group: string, fingerprint: string | null, by: Acknowledgement): number {
    return this.#database.run(
      `UPDATE alert_incidents SET ack_by = :by, ack_at = :at, ack_note = :note
       WHERE group_id = :group AND state = 'firing'
         AND (:fingerprint IS NULL OR fingerprint = :fingerprint)`,
      { group, fingerprint, by: by.by, at: by.at, note: by.note },
    );
  }

  group(id: string): StoredGroup | null {
    return this.#database.get(groupRow, 'SELECT * FROM alert_groups WHERE id = :id', { id });
  }

  /** Makes the group known, or brings its labels and address up to date. */
  noteGroup(group: Omit<StoredGroup, 'message' | 'mentionedAt'>): void {
    const { id, source, receiver, groupKey, externalUrl } = group;
    this.#database.run(
      `INSERT INTO alert_groups (id, source, receiver, group_key, labels, external_url)
       VALUES (:id, :source, :receiver, :groupKey, :labels, :externalUrl)
       ON CONFLICT (id) DO UPDATE SET labels = excluded.labels, external_url = excluded.external_url`,
      { id, source, receiver, groupKey, externalUrl, labels: JSON.stringify(group.labels) },
    );
  }

  /** The first group that a message shows; null: none. */
  groupOf(message: number): StoredGroup | null {
    return this.#database.get(
      groupRow,
      'SELECT * FROM alert_groups WHERE message = :message LIMIT 1',
      { message },
    );
  }

  noteMentioned(group: string, now: number): void {
    this.#database.run('UPDATE alert_groups SET mentioned_at = :now WHERE id = :group', {
      group,
      now,
    });
  }

  /**
   * Forgets what ended before `before` (ms), at most `limit`, and groups of which nothing is left.
   * Returns how many.
   */
  prune(before: number, limit: number): number {
    const gone = this.#database.all(
      idRow,
      `DELETE FROM alert_incidents WHERE (group_id, fingerprint, starts_at) IN (
         SELECT group_id, fingerprint, starts_at FROM alert_incidents
         WHERE state = 'resolved' AND changed_at < :before LIMIT :limit) RETURNING group_id`,
      { before, limit },
    );
    for (const id of new Set(gone.map((row) => row.group_id))) {
      this.#database.run(
        `DELETE FROM alert_groups WHERE id = :id
         AND NOT EXISTS (SELECT 1 FROM alert_incidents WHERE group_id = :id)`,
        { id },
      );
    }
    return gone.length;
  }
}
