import { z } from 'zod';
import { parseUserId, type UserId } from '../../core/ids.ts';
import type { Database } from './database.ts';

/** What a person's cross-signing master key is to us. */
export type PinVerdict =
  /** The one that we know. */
  | 'known'
  /** The first one of this person: from now on it is the one that we know. */
  | 'first'
  /** Another one than we know, seen for the first time. */
  | 'changed'
  /** Another one than we know, seen before and not approved. */
  | 'unapproved';

/** Whose cross-signing identity we know, and what we were shown instead. */
export interface IdentityPin {
  readonly user: UserId;
  /** Public ed25519 key, unpadded base64. */
  readonly masterKey: string;
  /** ms since the epoch */
  readonly pinnedAt: number;
  /** The key that waits for an approval; null: none. */
  readonly claimed: string | null;
  readonly claimedAt: number | null;
}

const pinRow = z
  .object({
    user_id: z.string().transform(parseUserId),
    master_key: z.string(),
    pinned_at: z.int(),
    claimed_key: z.string().nullable(),
    claimed_at: z.int().nullable(),
  })
  .transform((row): IdentityPin => ({
    user: row.user_id,
    masterKey: row.master_key,
    pinnedAt: row.pinned_at,
    claimed: row.claimed_key,
    claimedAt: row.claimed_at,
  }));

const columns = 'user_id, master_key, pinned_at, claimed_key, claimed_at';

/**
 * The cross-signing identities of people, pinned at first use: a home server (or whoever holds it)
 * can show another identity at any time, but not make us take it for the same person.
 */
export class IdentityPins {
  readonly #database: Database;
  readonly #onChanged: (user: UserId) => void;

  /** `onChanged`: somebody shows a key that was not seen before; called in the transaction that notes it. */
  constructor(database: Database, onChanged: (user: UserId) => void = () => undefined) {
    this.#database = database;
    this.#onChanged = onChanged;
  }

  /** Null: nothing is known of this person yet. */
  find(user: UserId): IdentityPin | null {
    const sql = `SELECT ${columns} FROM identity_pins WHERE user_id = :user`;
    return this.#database.get(pinRow, sql, { user });
  }

  all(): readonly IdentityPin[] {
    return this.#database.all(pinRow, `SELECT ${columns} FROM identity_pins ORDER BY user_id`);
  }

  /** A key was seen as this person's. `now`: ms since the epoch. */
  see(user: UserId, masterKey: string, now: number): PinVerdict {
    const pin = this.find(user);
    if (pin === null) {
      this.#database.run(
        'INSERT INTO identity_pins (user_id, master_key, pinned_at) VALUES (:user, :masterKey, :now)',
        { user, masterKey, now },
      );
      return 'first';
    }
    if (pin.masterKey === masterKey) return 'known';
    if (pin.claimed === masterKey) return 'unapproved';
    this.#database.transaction(() => {
      this.#database.run(
        'UPDATE identity_pins SET claimed_key = :masterKey, claimed_at = :now WHERE user_id = :user',
        { user, masterKey, now },
      );
      this.#onChanged(user);
    });
    return 'changed';
  }

  /**
   * Takes exactly this claimed key for the person's from now on. False: it is not what is claimed
   * (any more), nothing has changed. `onApproved` is part of the same transaction.
   */
  approve(
    user: UserId,
    claimed: string,
    now: number,
    onApproved: (user: UserId) => void = () => undefined,
  ): boolean {
    return this.#database.transaction(() => {
      const changed = this.#database.run(
        `UPDATE identity_pins
         SET master_key = claimed_key, pinned_at = :now, claimed_key = NULL, claimed_at = NULL
         WHERE user_id = :user AND claimed_key = :claimed`,
        { user, claimed, now },
      );
      if (changed === 1) onApproved(user);
      return changed === 1;
    });
  }
}
