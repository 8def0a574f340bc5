import { z } from 'zod';
import type { UserId } from '../../core/ids.ts';
import { type Language, languages } from '../../core/words/index.ts';
import type { Database } from './database.ts';

const languageRow = z.object({ language: z.enum(languages).nullable() });

/** What people chose for themselves. Who may do what stands in the config. */
export interface PeopleStore {
  /** Null: has not chosen. */
  languageOf(user: UserId): Language | null;
  /** Durable on return, or with the caller's transaction. */
  setLanguage(user: UserId, language: Language): void;
}

/** The people of a store that has the migration `people`. */
export function createPeopleStore(database: Database): PeopleStore {
  return {
    languageOf: (user) =>
      database.get(languageRow, 'SELECT language FROM people WHERE user_id = :user', { user })
        ?.language ?? null,
    setLanguage: (user, language) => {
      database.run(
        `INSERT INTO people (user_id, language) VALUES (:user, :language)
         ON CONFLICT (user_id) DO UPDATE SET language = excluded.language`,
        { user, language },
      );
    },
  };
}
