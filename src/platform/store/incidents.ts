import { z } from 'zod';
import type { Text } from '../../core/text.ts';
import type { Database } from './database.ts';
import { storedReport } from './stored-report.ts';

/** A trouble that the room was told of. Moments are ms since the epoch. */
export interface Incident {
  readonly identity: string;
  /** Incidents that began together share a message. */
  readonly message: string;
  readonly level: 'broken' | 'warning';
  readonly said: Text;
  readonly openedAt: number;
  readonly seenAt: number;
  /** Null: it goes on. */
  readonly healedAt: number | null;
  readonly returns: number;
}

/** Incidents, for as long as they may come back. Part of the caller's transaction. */
export interface Incidents {
  all(): readonly Incident[];
  put(incident: Incident): void;
  /** Forgets what healed before then. */
  forgetHealedBefore(moment: number): void;
}

const text = z.string().transform((json): Text => {
  const [carrier] = storedReport.parse(JSON.parse(json));
  return carrier?.type === 'paragraph' ? carrier.text : null;
});
const row = z
  .object({
    identity: z.string(),
    message: z.string(),
    level: z.enum(['broken', 'warning']),
    said: text,
    opened_at: z.int(),
    seen_at: z.int(),
    healed_at: z.int().nullable(),
    returns: z.int(),
  })
  .transform(
    ({ opened_at: openedAt, seen_at: seenAt, healed_at: healedAt, ...rest }): Incident => ({
      ...{ ...rest, openedAt, seenAt, healedAt },
    }),
  );

/** The incidents of a store that has the migration of that name. */
export function createIncidents(database: Database): Incidents {
  return {
    all: () => database.all(row, 'SELECT * FROM incidents ORDER BY opened_at, identity'),
    put: ({ said, ...incident }) => {
      database.run(
        `INSERT INTO incidents
           (identity, message, level, said, opened_at, seen_at, healed_at, returns)
         VALUES (:identity, :message, :level, :said, :openedAt, :seenAt, :healedAt, :returns)
         ON CONFLICT (identity) DO UPDATE SET message = excluded.message, level = excluded.level,
           said = excluded.said, opened_at = excluded.opened_at, seen_at = excluded.seen_at,
           healed_at = excluded.healed_at, returns = excluded.returns`,
        { ...incident, said: JSON.stringify([{ type: 'paragraph', text: said }]) },
      );
    },
    forgetHealedBefore: (moment) => {
      database.run('DELETE FROM incidents WHERE healed_at < :moment', { moment });
    },
  };
}
