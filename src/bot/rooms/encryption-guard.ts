import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import { describeFailure, failureOf } from '../client/failure.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import type { Permission } from '../sender/gate.ts';

/** What the guard is made of. */
export interface GuardParts {
  readonly api: Pick<MatrixApi, 'stateEvent'>;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Since when the timeline is not being read (steady clock, ms); null: it is, and a room that
   * becomes encrypted is heard of by itself.
   */
  readonly unreadSince: () => number | null;
  /** A room turned out to be encrypted. */
  readonly onEncrypted: (room: RoomId) => void;
  /** A room turned out to be writable. */
  readonly onWritable: () => void;
}

const askAgainMs = 2000;

/**
 * Knows of each room whether it is encrypted, and says "unknown" until it does: nothing is sent into
 * a room whose state could not be asked for (the SDK's `isRoomEncrypted` says "no" then). Encryption
 * can't be taken back, so one sign of it is enough for ever.
 */
export class EncryptionGuard {
  readonly #parts: GuardParts;
  readonly #known = new Map<RoomId, 'yes' | 'encrypted'>();
  readonly #askedAt = new Map<RoomId, number>();

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Whether it may be written to; asks the home server in the background where that is not known. */
  maySend(room: RoomId): Permission {
    const known = this.#known.get(room);
    if (known === 'encrypted') return known;
    const unreadSince = this.#parts.unreadSince();
    if (known === 'yes' && unreadSince === null) return known;
    // After an outage sending may work before reading does; what was known before may be over.
    const asked = this.#askedAt.get(room) ?? -Infinity;
    const isOver = unreadSince !== null && asked <= unreadSince && known === 'yes';
    const isOld = this.#parts.clock.monotonic() - asked >= askAgainMs;
    if (known === 'yes' && !isOver && !isOld) return known;
    if (isOver || isOld) {
      this.#known.delete(room);
      void this.check(room);
    }
    return 'unknown';
  }

  /** Asks the home server. Never rejects for want of an answer: then it stays unknown. */
  async check(room: RoomId): Promise<Permission> {
    const { api, clock, log, onWritable } = this.#parts;
    this.#askedAt.set(room, clock.monotonic());
    try {
      const event = await api.stateEvent(room, 'm.room.encryption', '');
      if (event !== null) this.noteEncrypted(room);
      // A sign that came in the meantime stands above the answer.
      else if (this.#known.get(room) === undefined) {
        this.#known.set(room, 'yes');
        this.#askedAt.set(room, clock.monotonic());
        onWritable();
      }
    } catch (error) {
      const failure = describeFailure(failureOf(error));
      log.warn({ room, failure }, 'it is not known whether the room is encrypted; nothing is sent');
    }
    return this.#known.get(room) ?? 'unknown';
  }

  /** The timeline or the state says that it is encrypted. */
  noteEncrypted(room: RoomId): void {
    if (this.#known.get(room) === 'encrypted') return;
    this.#known.set(room, 'encrypted');
    this.#parts.log.error({ room }, 'the room is encrypted; the bot can not read or write there');
    this.#parts.onEncrypted(room);
  }

  /** Events may have been missed: what was known is to be asked again. */
  forget(room: RoomId): void {
    if (this.#known.get(room) !== 'yes') return;
    this.#known.delete(room);
    this.#askedAt.delete(room);
  }
}
