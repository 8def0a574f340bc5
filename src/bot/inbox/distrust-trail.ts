import { AppError } from '../../core/errors.ts';
import type { EventId, UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { RejectReason } from '../crypto/protection.ts';

/** Something in a listed person's name that was not taken. */
export interface Distrusted {
  readonly sender: UserId;
  /** Null: it was no event, but what the home server shows of the person. */
  readonly event: EventId | null;
  readonly reason: RejectReason | 'in-clear' | 'new-identity';
}

/** What the trail is made with. */
export interface DistrustTrailParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Writes the audit line. */
  readonly audit: (distrusted: Distrusted) => void;
}

/** Of the same person and for the same reason at most so often: whoever holds the home server can cause them; ms. */
const everyMs = 60_000;

/** Leaves a trace outside the room of what was not taken there: a line in the log and one in the audit. */
export class DistrustTrail {
  readonly #parts: DistrustTrailParts;
  readonly #notedAt = new Map<string, number>();

  constructor(parts: DistrustTrailParts) {
    this.#parts = parts;
  }

  /** Part of the caller's transaction. */
  note(distrusted: Distrusted): void {
    const { clock, log } = this.#parts;
    const key = `${distrusted.sender} ${distrusted.reason}`;
    const now = clock.monotonic();
    if (now - (this.#notedAt.get(key) ?? -Infinity) < everyMs) return;
    this.#notedAt.set(key, now);
    log.warn({ ...distrusted }, "something in a listed person's name was not taken");
    this.#audit(distrusted);
  }

  /** An audit log that can't be written stops changes, but not the reading of the room. */
  #audit(distrusted: Distrusted): void {
    const { database, audit, log } = this.#parts;
    try {
      database.transaction(() => {
        audit(distrusted);
      });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'E_AUDIT_UNWRITABLE')) throw error;
      log.error({ err: error, ...distrusted }, 'what was not taken could not be audited');
    }
  }
}
