import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import { describeFailure, MatrixFailure } from '../client/failure.ts';
import type { MatrixApi } from '../client/matrix-api.ts';

/** How a room is written to and read from. `unknown`: not before it is known whether it is encrypted. */
export type Encryption = 'plain' | 'encrypted' | 'unknown';

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
  /** How a room is to be written to is known now, and was not, or not so. */
  readonly onKnown: (room: RoomId) => void;
}

const askAgainMs = 2000;

/**
 * Knows of each room whether it is encrypted, and says "unknown" until it does: nothing is sent into
 * a room whose state could not be asked for (the SDK's `isRoomEncrypted` says "no" then). Encryption
 * can't be taken back, so one sign of it is enough for ever.
 */
export class EncryptionGuard {
  readonly #parts: GuardParts;
  readonly #known = new Map<RoomId, 'plain' | 'encrypted'>();
  readonly #askedAt = new Map<RoomId, number>();

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** How it is to be written to; asks the home server in the background where that is not known. */
  encryptionOf(room: RoomId): Encryption {
    const known = this.#known.get(room);
    if (known === 'encrypted') return known;
    const unreadSince = this.#parts.unreadSince();
    if (known === 'plain' && unreadSince === null) return known;
    // After an outage sending may work before reading does; what was known before may be over.
    const asked = this.#askedAt.get(room) ?? -Infinity;
    const isOver = unreadSince !== null && asked <= unreadSince && known === 'plain';
    const isOld = this.#parts.clock.monotonic() - asked >= askAgainMs;
    if (known === 'plain' && !isOver && !isOld) return known;
    if (isOver || isOld) {
      this.#known.delete(room);
      void this.check(room);
    }
    return 'unknown';
  }

  /** Whether only what is encrypted counts there; what is not known yet does not count in clear. */
  isEncrypted(room: RoomId): boolean {
    return this.#known.get(room) !== 'plain';
  }

  /** Asks the home server. Never rejects for want of an answer: then it stays unknown. */
  async check(room: RoomId): Promise<Encryption> {
    try {
      return await this.ask(room);
    } catch (error) {
      if (!(error instanceof MatrixFailure)) throw error;
      const failure = describeFailure(error.failure);
      this.#parts.log.warn(
        { room, failure },
        'it is not known whether the room is encrypted; nothing is sent',
      );
      return this.#known.get(room) ?? 'unknown';
    }
  }

  /** Asks the home server unless it is known. Throws `MatrixFailure`. */
  async ask(room: RoomId): Promise<'plain' | 'encrypted'> {
    const before = this.#known.get(room);
    if (before !== undefined) return before;
    const { api, clock, onKnown } = this.#parts;
    this.#askedAt.set(room, clock.monotonic());
    const event = await api.stateEvent(room, 'm.room.encryption', '');
    if (event !== null) this.noteEncrypted(room);
    // A sign that came in the meantime stands above the answer.
    else if (this.#known.get(room) === undefined) {
      this.#known.set(room, 'plain');
      this.#askedAt.set(room, clock.monotonic());
      onKnown(room);
    }
    return this.#known.get(room) ?? 'plain';
  }

  /** The timeline or the state says that it is encrypted. */
  noteEncrypted(room: RoomId): void {
    if (this.#known.get(room) === 'encrypted') return;
    this.#known.set(room, 'encrypted');
    this.#parts.log.info({ room }, 'the room is encrypted');
    this.#parts.onKnown(room);
  }

  /** Events may have been missed: what was known is to be asked again. */
  forget(room: RoomId): void {
    if (this.#known.get(room) !== 'plain') return;
    this.#known.delete(room);
    this.#askedAt.delete(room);
  }
}
