import { z } from 'zod';
import { encodeBase32 } from '../../core/base32.ts';
import type { Secret } from '../../core/secret.ts';
import type { Database } from './database.ts';
import { authenticate, type MasterKey } from './master-key.ts';

/** Local notes to registration tokens, kept by handle. */
export interface TokenNotes {
  /** Stable short handle of a token: a keyed hash, tells nothing about the token. */
  handleOf(token: Secret<string>): string;
  /** Null: there is none. */
  noteOf(handle: string): string | null;
  /** Part of the caller's transaction. An empty note is none. */
  setNote(handle: string, note: string): void;
}

const noteRow = z.object({ note: z.string() });
/** 30 bits: two of 1 000 tokens share a handle once in 2 000 servers. */
const handleLength = 6;

/** The notes of a store that has the migration `token notes`. */
export function createTokenNotes(database: Database, masterKey: MasterKey): TokenNotes {
  const key = masterKey.derive('token-handle');
  return {
    handleOf: (token) => {
      const text = encodeBase32(authenticate(key, token.reveal()));
      return `t${text.slice(0, handleLength).toLowerCase()}`;
    },
    noteOf: (handle) =>
      database.get(noteRow, 'SELECT note FROM token_notes WHERE handle = :handle', { handle })
        ?.note ?? null,
    setNote: (handle, note) => {
      if (note === '') {
        database.run('DELETE FROM token_notes WHERE handle = :handle', { handle });
        return;
      }
      database.run(
        `INSERT INTO token_notes (handle, note) VALUES (:handle, :note)
         ON CONFLICT (handle) DO UPDATE SET note = excluded.note`,
        { handle, note },
      );
    },
  };
}
