import type { RoomId, UserId } from '../../core/ids.ts';
import type { SealedSecrets } from '../../platform/store/sealed-secrets.ts';
import { SecretErrands } from '../../platform/store/secret-errands.ts';
import { describeFailure, MatrixFailure } from '../client/failure.ts';
import type { SyncAnswer } from '../client/matrix-api.ts';
import type { SeenChange } from '../inbox/recorder.ts';
import type { Sealer } from '../crypto/sealer.ts';
import { DirectRooms, type DirectRoomsParts } from './direct-rooms.ts';
import { readDirectInviter } from './invitation.ts';
import { SecretCourier } from './secret-courier.ts';
import { SecretHandOver } from './secret-hand-over.ts';

/** What the direct chats are made of. */
export interface DirectChatsParts extends DirectRoomsParts {
  /** Null: there are no secrets, only chats. */
  readonly secrets: SealedSecrets | null;
  readonly crypto: Pick<Sealer, 'seal'> & {
    hasSignedDevice(person: UserId): Promise<boolean>;
  };
}

/** Everything about chats with one person: which rooms, who enters, and secrets on their way. */
export class DirectChats {
  readonly rooms: DirectRooms;
  /** Null where there are no secrets. */
  readonly handOver: SecretHandOver | null;
  readonly #parts: DirectChatsParts;
  readonly #courier: SecretCourier | null;
  /** Chats are entered one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(parts: DirectChatsParts) {
    this.#parts = parts;
    const { api, crypto, secrets, database, outbox, people, clock, log } = parts;
    this.rooms = new DirectRooms(parts);
    const hasSignedDevice = (person: UserId) => crypto.hasSignedDevice(person);
    const shared = { rooms: this.rooms, hasSignedDevice };
    this.handOver =
      secrets === null ? null : new SecretHandOver({ ...shared, api, secrets, sealer: crypto });
    this.#courier =
      secrets === null
        ? null
        : new SecretCourier({
            ...{ ...shared, secrets, database, outbox, clock, log },
            errands: new SecretErrands(database),
            isListed: (person) => people.roleOf(person) !== null,
          });
  }

  /** A secret was promised. */
  look(): void {
    this.#courier?.look();
  }

  /** A sync was good. */
  wake(): void {
    this.#courier?.wake();
  }

  /** Whether it is one; then what happened in it was noted. */
  noteState(room: RoomId, changes: readonly SeenChange[]): boolean {
    if (this.rooms.personOf(room) === null) return false;
    if (changes.some(({ type }) => type === 'm.room.encryption')) {
      this.#parts.guard.noteEncrypted(room);
    }
    this.#courier?.look();
    return true;
  }

  /** Enters direct chats to which listed people invite; returns the other invitations. */
  takeInvitations(invited: SyncAnswer['invited']): SyncAnswer['invited'] {
    const { self, people } = this.#parts;
    const others = [...invited].filter(([room, state]) => {
      const person = readDirectInviter(room, state, self);
      if (person === null || people.roleOf(person) === null) return true;
      this.#enter(room, person);
      return false;
    });
    return new Map(others);
  }

  #enter(room: RoomId, person: UserId): void {
    const { log } = this.#parts;
    this.#work = this.#work
      .then(() => this.rooms.enter(room, person))
      .then(() => this.#courier?.look())
      .catch((error: unknown) => {
        // What the store throws is met again by whoever writes next, and is the end there.
        const failure =
          error instanceof MatrixFailure ? describeFailure(error.failure) : String(error);
        log.warn({ room, person, failure }, 'a direct chat could not be entered');
      });
  }

  /** Until aborted. Rejects with what the store throws. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#courier?.run(signal);
    await this.#work;
  }
}
