import { randomUUID } from 'node:crypto';
import { serverOf, type RoomId, type UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { RoomStore, StoredRoom } from '../../platform/store/rooms.ts';
import { failureOf } from '../client/failure.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { announce } from '../message-content.ts';
import type { EncryptionGuard } from '../rooms/encryption-guard.ts';
import type { Listed } from '../rooms/room.ts';
import { directCreationOf, directMarkerOf } from './creation.ts';

/** What the direct rooms need. */
export interface DirectRoomsParts {
  readonly api: MatrixApi;
  readonly self: UserId;
  readonly database: Database;
  readonly store: RoomStore;
  readonly outbox: SqliteOutbox;
  readonly people: Pick<Listed, 'roleOf'>;
  readonly guard: EncryptionGuard;
  readonly language: () => Language;
  readonly clock: Clock;
  readonly log: Log;
  /** Where commands are taken. */
  readonly adminRoom: () => RoomId | null;
}

/** Why nothing secret may be said in a direct room now. */
export type Obstacle = 'not-ours' | 'not-joined' | 'others' | 'not-encrypted' | 'replaced';

/** Chats with one listed person each: for verification, and for what only that person may read. */
export class DirectRooms {
  readonly #parts: DirectRoomsParts;

  constructor(parts: DirectRoomsParts) {
    this.#parts = parts;
  }

  #known(): readonly (StoredRoom & { readonly id: RoomId; readonly person: UserId })[] {
    const { store, people } = this.#parts;
    return store
      .all('direct')
      .flatMap((room) =>
        room.id !== null && room.person !== null && people.roleOf(room.person) !== null
          ? [{ ...room, id: room.id, person: room.person }]
          : [],
      );
  }

  /** Those with people who are on the list now. */
  ids(): readonly RoomId[] {
    return this.#known().map(({ id }) => id);
  }

  /** Whom the room is with; null: it is no direct room. */
  personOf(room: RoomId): UserId | null {
    const found = this.#parts.store.find(room);
    return found?.purpose === 'direct' ? found.person : null;
  }

  /** The newest one with this person. */
  of(person: UserId): RoomId | null {
    return this.#known().find((room) => room.person === person)?.id ?? null;
  }

  /** Asks anew who is there: null where the room holds the person and us and nobody else. Throws `MatrixFailure`. */
  async obstacle(room: RoomId, person: UserId): Promise<Obstacle | null> {
    const { api, self, guard } = this.#parts;
    if (this.of(person) !== room) return 'not-ours';
    const present = await this.#present(room);
    if (present === null) return 'not-ours';
    if ([...present.keys()].some((user) => user !== self && user !== person)) return 'others';
    if (present.get(self) !== 'join' || present.get(person) !== 'join') return 'not-joined';
    if (await this.#isReplaced(room)) return 'replaced';
    // The state of now and not what was once believed: a direct room may be somebody else's.
    if ((await guard.ask(room)) !== 'encrypted') return 'not-encrypted';
    return (await api.stateEvent(room, 'm.room.encryption', '')) === null ? 'not-encrypted' : null;
  }

  /** Who has joined, is invited, or asks to be; null: we are not let in any more. */
  async #present(room: RoomId): Promise<ReadonlyMap<UserId, string> | null> {
    try {
      const members = await this.#parts.api.members(room);
      return new Map([...members].filter(([, state]) => state !== 'leave' && state !== 'ban'));
    } catch (error) {
      if (failureOf(error).kind !== 'refused') throw error;
      return null;
    }
  }

  /**
   * Sees to it that there is a direct room to which the person is invited. One that the person has
   * left, that others have come into, or that was upgraded, is given up for a new one. Throws `MatrixFailure`.
   */
  async ensure(person: UserId): Promise<RoomId> {
    const { api, self, store, clock, log } = this.#parts;
    const room = this.of(person);
    if (room !== null) {
      const present = await this.#present(room);
      const isGood = present?.has(person) === true && present.get(self) === 'join';
      const isUsable = isGood && present.size === 2 && !(await this.#isReplaced(room));
      if (isUsable && (await this.#isEncrypted(room))) return room;
      await this.#giveUp(room);
    }
    const begun = store.all('direct').find((each) => each.id === null && each.person === person);
    const found = begun === undefined ? null : await this.#findMade(begun.marker);
    if (begun !== undefined && found !== null) {
      store.settle(begun.marker, found);
      return found;
    }
    const marker = begun?.marker ?? randomUUID();
    if (begun === undefined) store.intend(marker, 'direct', 'made', clock.now(), person);
    const roomVersion = await api.defaultRoomVersion();
    const made = await api.createRoom(directCreationOf({ self, person, marker, roomVersion }));
    store.settle(marker, made);
    log.info({ room: made, person }, 'made a direct room');
    return made;
  }

  /** Whether another room is said to take its place: clients don't show it any more. */
  async #isReplaced(room: RoomId): Promise<boolean> {
    return (await this.#parts.api.stateEvent(room, 'm.room.tombstone', '')) !== null;
  }

  async #isEncrypted(room: RoomId): Promise<boolean> {
    return (await this.#parts.guard.ask(room)) === 'encrypted';
  }

  async #giveUp(room: RoomId): Promise<void> {
    const { api, store, log } = this.#parts;
    const marker = store.find(room)?.marker;
    if (marker !== undefined) store.forget(marker);
    log.info({ room }, 'gave up a direct room');
    await api.leave(room).catch((error: unknown) => {
      if (failureOf(error).kind !== 'refused') throw error;
    });
  }

  async #findMade(marker: string): Promise<RoomId | null> {
    const { api, self } = this.#parts;
    for (const room of await api.joinedRooms()) {
      const creation = await api.stateEvent(room, 'm.room.create', '');
      if (creation?.sender === self && directMarkerOf(creation.content) === marker) return room;
    }
    return null;
  }

  /**
   * Enters a direct chat to which a listed person invites, in the place of an older one; leaves again
   * where others are in it. Throws `MatrixFailure`.
   */
  async enter(room: RoomId, person: UserId): Promise<void> {
    const { api, self, store, clock, log } = this.#parts;
    await api.join(room);
    const present = await this.#present(room);
    const isForTwo = present?.size === 2 && present.has(self) && present.get(person) === 'join';
    if (!isForTwo) {
      log.warn({ room, person }, 'the direct chat is not one of two; left it');
      await api.leave(room);
      return;
    }
    const older = this.of(person);
    if (older === room) return;
    if (older !== null) await this.#giveUp(older);
    const marker = randomUUID();
    this.#parts.database.transaction(() => {
      store.intend(marker, 'direct', 'named', clock.now(), person);
      store.settle(marker, room);
    });
    log.info({ room, person }, 'joined a direct chat');
  }

  /** Says once that commands are taken elsewhere. Part of the transaction that records the event. */
  refuseCommand(room: RoomId): void {
    const { store, outbox, clock, language, adminRoom, self } = this.#parts;
    const admin = adminRoom();
    if (admin === null || store.find(room)?.wasTold !== false) return;
    store.setTold(room);
    const nodes = [
      {
        type: 'hint',
        text: say('chat.direct.no-commands', { room: { link: linkTo(admin, self) } }),
      },
    ] as const;
    for (const row of announce({ room, nodes, language: language() })) outbox.add(row, clock.now());
  }
}

/** A link that clients show by the room's name (spec, appendices, "matrix.to navigation"). */
function linkTo(room: RoomId, self: UserId): string {
  return `https://matrix.to/#/${encodeURIComponent(room)}?via=${encodeURIComponent(serverOf(self))}`;
}
