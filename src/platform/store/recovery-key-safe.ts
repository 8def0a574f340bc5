import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { UserId } from '../../core/ids.ts';
import { Secret } from '../../core/secret.ts';
import type { Clock } from '../clock.ts';
import type { Database } from './database.ts';
import type { MasterKey } from './master-key.ts';

/** What has become of the recovery key. */
export type RecoveryKeyState =
  /** None was made here. */
  | { readonly state: 'none' }
  /** It is made; what it opens is not all at the home server yet. */
  | { readonly state: 'unready' }
  /** It opens everything and waits for its reader; `since`: ms since the epoch. */
  | { readonly state: 'waiting'; readonly since: number }
  /** Somebody has it; it is not here any more. `at`: ms since the epoch. */
  | { readonly state: 'shown'; readonly at: number };

const row = z.object({
  sealed: z.instanceof(Uint8Array).nullable(),
  made_at: z.int(),
  ready_at: z.int().nullable(),
  shown_at: z.int().nullable(),
  told_at: z.int().nullable(),
});

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** What {@link RecoveryKeySafe} needs. */
export interface RecoveryKeySafeParts {
  /** The product's file: as long as nobody has the key, a backup must hold it. */
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly user: UserId;
}

/**
 * Keeps the recovery key, encrypted under the master key, until it is shown: once, and without an
 * end by time, since without it a lost device takes the bot's identity with it. Throws what
 * `Database` throws.
 */
export class RecoveryKeySafe {
  readonly #parts: RecoveryKeySafeParts;

  constructor(parts: RecoveryKeySafeParts) {
    this.#parts = parts;
  }

  state(): RecoveryKeyState {
    const found = this.#row();
    if (found === null) return { state: 'none' };
    if (found.shown_at !== null) return { state: 'shown', at: found.shown_at };
    return found.ready_at === null
      ? { state: 'unready' }
      : { state: 'waiting', since: found.ready_at };
  }

  /** Puts a new key away, on the disk when this returns. Throws where there is one already. */
  keep(key: Secret<string>): void {
    const { database, user, clock } = this.#parts;
    database.run(
      'INSERT INTO recovery_key (user_id, sealed, made_at) VALUES (:user, :sealed, :now)',
      { user, sealed: this.#seal(key), now: clock.now() },
    );
  }

  /** When the present key was made, ms since the epoch; no two keys have the same. Null: none. */
  madeAt(): number | null {
    return this.#row()?.made_at ?? null;
  }

  /**
   * Puts a new key in the place of the one that is there, on the disk when this returns. It is not
   * ready; nobody need be told of it, since whoever asks for it is told.
   */
  replace(key: Secret<string>): void {
    const { database, user, clock } = this.#parts;
    database.run(
      `INSERT INTO recovery_key (user_id, sealed, made_at, told_at) VALUES (:user, :sealed, :now, :now)
       ON CONFLICT (user_id) DO UPDATE
       SET sealed = :sealed, made_at = max(:now, made_at + 1), ready_at = NULL, shown_at = NULL,
         told_at = :now`,
      { user, sealed: this.#seal(key), now: clock.now() },
    );
  }

  /** The key, for a setup that goes on; null: it is not here (any more). */
  peek(): Secret<string> | null {
    const sealed = this.#row()?.sealed ?? null;
    if (sealed === null) return null;
    const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
    const decryption = createDecipheriv(cipher, this.#key(), sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decryption.setAAD(Buffer.from(this.#parts.user)).setAuthTag(tag);
    const clear = [decryption.update(sealed.subarray(nonceBytes + tagBytes)), decryption.final()];
    return new Secret(Buffer.concat(clear).toString('utf8'));
  }

  /** What it opens is in its place: it may be shown. */
  ready(): void {
    const { database, user, clock } = this.#parts;
    database.run(
      'UPDATE recovery_key SET ready_at = :now WHERE user_id = :user AND ready_at IS NULL',
      { user, now: clock.now() },
    );
  }

  /** Whether it waits and nobody was told so. */
  isToTell(): boolean {
    return this.state().state === 'waiting' && this.#row()?.told_at == null;
  }

  /** The room is told that it waits. */
  told(): void {
    const { database, user, clock } = this.#parts;
    database.run('UPDATE recovery_key SET told_at = :now WHERE user_id = :user', {
      user,
      now: clock.now(),
    });
  }

  /** Somebody has the key without having got it here: he has typed it in. */
  known(): void {
    const { database, user, clock } = this.#parts;
    database.run(
      `INSERT INTO recovery_key (user_id, sealed, made_at, ready_at, shown_at)
       VALUES (:user, NULL, :now, :now, :now)
       ON CONFLICT (user_id) DO UPDATE
       SET sealed = NULL, ready_at = :now, shown_at = coalesce(shown_at, :now)`,
      { user, now: clock.now() },
    );
  }

  /** Gives the key to its one reader. Throws `E_RECOVERY_KEY_UNREADY` and `E_RECOVERY_KEY_SHOWN`. */
  show(): Secret<string> {
    const { database, user, clock } = this.#parts;
    return database.transaction(() => {
      const { state } = this.state();
      if (state === 'none' || state === 'unready') throw new AppError('E_RECOVERY_KEY_UNREADY');
      const key = this.peek();
      if (key === null) throw new AppError('E_RECOVERY_KEY_SHOWN');
      database.run('UPDATE recovery_key SET sealed = NULL, shown_at = :now WHERE user_id = :user', {
        user,
        now: clock.now(),
      });
      return key;
    });
  }

  #seal(key: Secret<string>): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cover = createCipheriv(cipher, this.#key(), nonce).setAAD(Buffer.from(this.#parts.user));
    const body = Buffer.concat([cover.update(key.reveal(), 'utf8'), cover.final()]);
    return Buffer.concat([nonce, cover.getAuthTag(), body]);
  }

  #row(): z.infer<typeof row> | null {
    const { database, user } = this.#parts;
    const sql =
      'SELECT sealed, made_at, ready_at, shown_at, told_at FROM recovery_key WHERE user_id = :user';
    return database.get(row, sql, { user });
  }

  #key(): Buffer {
    return this.#parts.masterKey.derive('recovery-key').reveal();
  }
}
