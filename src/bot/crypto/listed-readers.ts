import type { RoomId, UserId } from '../../core/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { IdentityPins } from '../../platform/store/identity-pins.ts';
import type { Admission, Readers } from './group-encryption.ts';
import type { Identities } from './identities.ts';

/** A person who may not read, and why. */
export interface Unreadable {
  readonly user: UserId;
  /** `no-identity`: has not set up cross-signing, so no device of theirs is signed. */
  readonly reason: 'no-identity' | 'changed-identity';
}

/** What {@link ListedReaders} needs. */
export interface ListedReadersParts {
  readonly identities: Pick<Identities, 'masterKey'>;
  readonly pins: IdentityPins;
  readonly clock: Clock;
  readonly isListed: (user: UserId) => boolean;
  /** Who has joined the room. */
  readonly members: (room: RoomId) => Promise<readonly UserId[]>;
  /** Called at every encryption, with everybody listed in the room who can't read it. */
  readonly onUnreadable: (room: RoomId, people: readonly Unreadable[]) => void;
}

/**
 * Only people on the allow-list read, and only with the identity that was pinned: whoever else the
 * home server shows as a member gets no key.
 */
export class ListedReaders implements Readers {
  readonly #parts: ListedReadersParts;

  constructor(parts: ListedReadersParts) {
    this.#parts = parts;
  }

  /** See {@link Readers.candidates}. */
  async candidates(room: RoomId): Promise<readonly UserId[]> {
    const { members, isListed } = this.#parts;
    return (await members(room)).filter(isListed);
  }

  /** See {@link Readers.admitted}. */
  async admitted(room: RoomId, candidates: readonly UserId[]): Promise<Admission> {
    const { identities, pins, clock, onUnreadable } = this.#parts;
    const readers: UserId[] = [];
    const unreadable: Unreadable[] = [];
    for (const user of candidates) {
      const masterKey = await identities.masterKey(user);
      if (masterKey === null) {
        unreadable.push({ user, reason: 'no-identity' });
        continue;
      }
      const verdict = pins.see(user, masterKey, clock.now());
      if (verdict === 'first' || verdict === 'known') readers.push(user);
      else unreadable.push({ user, reason: 'changed-identity' });
    }
    onUnreadable(room, unreadable);
    return { readers, refused: unreadable.map(({ user }) => user) };
  }
}
