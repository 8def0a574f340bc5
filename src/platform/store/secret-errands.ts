import { z } from 'zod';
import { parseOutboxId, parseUserId, type OutboxId, type UserId } from '../../core/ids.ts';
import { languages, type Language } from '../../core/words/index.ts';
import type { Database } from './database.ts';

/** A secret that is to be handed to a person. */
export interface SecretErrand {
  /** The one-time code under which it lies sealed. */
  readonly code: string;
  readonly person: UserId;
  /** The command that made it; never secret. */
  readonly label: string;
  readonly language: Language;
  /** When the code ends, ms since the epoch. */
  readonly expiresAt: number;
}

/** An errand and how far it has come. */
export interface OpenErrand extends SecretErrand {
  /** The person was invited for it. */
  readonly isCalled: boolean;
  /** The row that hands it over; null: it can't be handed over yet. */
  readonly out: OutboxId | null;
}

const errandRow = z
  .object({
    code: z.string(),
    person: z.string().transform(parseUserId),
    label: z.string(),
    language: z.enum(languages),
    expires_at: z.int(),
    is_called: z.int(),
    outbox_id: z.string().transform(parseOutboxId).nullable(),
  })
  .transform((row): OpenErrand => ({
    code: row.code,
    person: row.person,
    label: row.label,
    language: row.language,
    expiresAt: row.expires_at,
    isCalled: row.is_called === 1,
    out: row.outbox_id,
  }));

/** Secrets that wait for their person; by their codes alone, the secrets lie sealed elsewhere. */
export class SecretErrands {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Part of the caller's transaction. A code that is known already is left as it is. */
  add({ code, person, label, language, expiresAt }: SecretErrand): void {
    this.#database.run(
      `INSERT INTO secret_errands (code, person, label, language, expires_at)
       VALUES (:code, :person, :label, :language, :expiresAt) ON CONFLICT (code) DO NOTHING`,
      { code, person, label, language, expiresAt },
    );
  }

  /** Oldest first. */
  open(): readonly OpenErrand[] {
    return this.#database.all(errandRow, 'SELECT * FROM secret_errands ORDER BY rowid', {});
  }

  /** The person was invited. */
  setCalled(code: string): void {
    this.#database.run('UPDATE secret_errands SET is_called = 1 WHERE code = :code', { code });
  }

  /** Null: it can't be handed over after all. */
  setOut(code: string, out: OutboxId | null): void {
    this.#database.run('UPDATE secret_errands SET outbox_id = :out WHERE code = :code', {
      code,
      out,
    });
  }

  end(code: string): void {
    this.#database.run('DELETE FROM secret_errands WHERE code = :code', { code });
  }
}
