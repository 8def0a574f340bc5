import { z } from 'zod';
import type { Database } from './database.ts';

/** What people may have to be told of out of band. */
export const troubleSubjects = ['matrix', 'watchdog'] as const;
/** One of {@link troubleSubjects}: the room takes no message; monitoring is silent. */
export type TroubleSubject = (typeof troubleSubjects)[number];

/** How it stands with a trouble. Times in ms since the epoch. */
export interface StoredTrouble {
  readonly subject: TroubleSubject;
  /** `open`: it lasts; `over`: it ended, and those who were told have not been told that yet. */
  readonly phase: 'calm' | 'open' | 'over';
  readonly since: number;
  /** Null: it lasts. */
  readonly overAt: number | null;
  /** Names the message that is to be told, or was told last. */
  readonly note: string;
  /** How often that one was handed to a channel, by its name, and nobody heard it be refused. */
  readonly handed: Readonly<Record<string, number>>;
  /** When people were last told of this one; null: never. */
  readonly toldAt: number | null;
  /** When people were last told that one of this kind had begun; null: never. */
  readonly begunToldAt: number | null;
}

const handed = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.int()));
const row = z
  .object({
    subject: z.enum(troubleSubjects),
    phase: z.enum(['calm', 'open', 'over']),
    since: z.int(),
    over_at: z.int().nullable(),
    note: z.string(),
    handed,
    told_at: z.int().nullable(),
    begun_told_at: z.int().nullable(),
  })
  .transform(
    ({ over_at: overAt, told_at: toldAt, begun_told_at: begunToldAt, ...rest }): StoredTrouble => ({
      ...{ ...rest, overAt, toldAt, begunToldAt },
    }),
  );

/** Troubles and what of them was told, durable. No secret and no text stands in it. */
export class NotifyTroubles {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): readonly StoredTrouble[] {
    return this.#database.all(row, 'SELECT * FROM notify_troubles');
  }

  /** All of them or none; durable on return. */
  put(troubles: readonly StoredTrouble[]): void {
    this.#database.transaction(() => {
      for (const { handed: counts, ...trouble } of troubles) {
        this.#database.run(
          `INSERT INTO notify_troubles
             (subject, phase, since, over_at, note, handed, told_at, begun_told_at)
           VALUES (:subject, :phase, :since, :overAt, :note, :handed, :toldAt, :begunToldAt)
           ON CONFLICT (subject) DO UPDATE SET phase = excluded.phase, since = excluded.since,
             over_at = excluded.over_at, note = excluded.note, handed = excluded.handed,
             told_at = excluded.told_at, begun_told_at = excluded.begun_told_at`,
          { ...trouble, handed: JSON.stringify(counts) },
        );
      }
    });
  }
}
