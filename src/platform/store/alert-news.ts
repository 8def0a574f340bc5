import { z } from 'zod';
import { incidentRow, type StoredIncident } from './alert-row.ts';
import type { Database } from './database.ts';

const kinds = ['opened', 'reopened', 'worse', 'milder', 'resolved', 'short'] as const;
/** What there is to tell of an incident. `worse`, `milder`: its severity has changed. */
export type AlertNewsKind = (typeof kinds)[number];

/** News of one group: of one kind, the worst incidents of it and how many there are. */
export interface StoredNews {
  readonly group: string;
  readonly what: AlertNewsKind;
  readonly incident: StoredIncident;
  /** All of this group and kind. */
  readonly count: number;
}

const countRow = z.object({ count: z.int() });
const newsRow = z
  .object({ what: z.enum(kinds), count: z.int() })
  .and(incidentRow)
  .transform(({ what, count, ...incident }): StoredNews => ({
    ...{ group: incident.group, what, count, incident },
  }));

/**
 * What has changed and was not told yet. It is written with the change and removed with what tells of
 * it, so that a kill in between loses nothing, and many changes can be told together.
 */
export class AlertNews {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Part of the transaction of the change. What nobody has heard the beginning of stays new. */
  note(
    { group, fingerprint, startsAt }: Pick<StoredIncident, 'group' | 'fingerprint' | 'startsAt'>,
    what: AlertNewsKind,
  ): void {
    this.#database.run(
      `INSERT INTO alert_news (group_id, fingerprint, starts_at, what)
       VALUES (:group, :fingerprint, :startsAt, :what)
       ON CONFLICT (group_id, fingerprint, starts_at) DO UPDATE SET what =
         CASE WHEN excluded.what IN ('worse', 'milder') AND what IN ('opened', 'reopened') THEN what
           WHEN what NOT IN ('opened', 'short') THEN excluded.what
           WHEN excluded.what = 'reopened' THEN 'opened'
           WHEN excluded.what = 'resolved' THEN 'short'
           ELSE excluded.what END`,
      { group, fingerprint, startsAt, what },
    );
  }

  /** Whether there is anything to tell. */
  isEmpty(): boolean {
    const sql = 'SELECT count(*) AS count FROM (SELECT 1 FROM alert_news LIMIT 1)';
    return (this.#database.get(countRow, sql)?.count ?? 0) === 0;
  }

  /**
   * Groups in the order of their coming; of each kind at most `most`, the worst and then the first to
   * come first.
   */
  all(most: number): readonly StoredNews[] {
    return this.#database.all(
      newsRow,
      `SELECT what, count, alert_incidents.* FROM (
         SELECT news.*, count(*) OVER (PARTITION BY group_id, what) AS count,
           min(sequence) OVER (PARTITION BY group_id) AS first,
           row_number() OVER (
             PARTITION BY group_id, what ORDER BY severity DESC, sequence) AS place
         FROM (
           SELECT alert_news.*, severity FROM alert_news
           CROSS JOIN alert_incidents USING (group_id, fingerprint, starts_at)
         ) AS news
       ) JOIN alert_incidents USING (group_id, fingerprint, starts_at)
       WHERE place <= :most ORDER BY first, what, place`,
      { most },
    );
  }

  /** All of it is told. Part of the transaction of that. */
  clear(): void {
    this.#database.run('DELETE FROM alert_news');
  }
}
