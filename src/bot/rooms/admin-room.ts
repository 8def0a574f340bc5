import { randomUUID } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import type { RoomId, UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { translate } from '../../core/words/translate.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { Ledger } from '../../platform/store/ledger.ts';
import type { RoomStore, StoredRoom } from '../../platform/store/rooms.ts';
import { describeFailure, failureOf } from '../client/failure.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { creationOf, markerOf } from './creation.ts';
import type { Listed } from './room.ts';

/** What finding or making the admin room needs. */
export interface AdminRoomParts {
  readonly api: MatrixApi;
  readonly self: UserId;
  readonly database: Database;
  readonly store: RoomStore;
  readonly ledger: Ledger;
  readonly people: Listed;
  readonly language: () => Language;
  readonly clock: Clock;
  readonly log: Log;
  /** From the config. */
  readonly wanted: 'create' | RoomId;
  /** From the config: whether a room that is made is made encrypted. */
  readonly isEncrypted: boolean;
}

/**
 * The room in which the bot takes commands: the one that the config names, or the one that it made,
 * made now if there is none; upgrades that were followed are followed. Can be called again after any
 * failure or crash: there will be one room. Throws `E_ROOM_NOT_JOINED` and `MatrixFailure`.
 */
export async function ensureAdminRoom(parts: AdminRoomParts): Promise<RoomId> {
  const first = parts.wanted === 'create' ? await madeRoom(parts) : await namedRoom(parts);
  const seen = new Set<RoomId>();
  let room = first;
  for (;;) {
    seen.add(room);
    const next = parts.store.find(room)?.replacedBy ?? null;
    if (next === null || seen.has(next)) return room;
    room = next;
  }
}

async function madeRoom(parts: AdminRoomParts): Promise<RoomId> {
  const { api, store, log, clock } = parts;
  const joined = new Set(await api.joinedRooms());
  for (const stored of store.all('admin').filter((room) => room.origin === 'made')) {
    if (stored.id === null) return finish(parts, stored, joined);
    if (joined.has(stored.id) || stored.replacedBy !== null) return stored.id;
    log.warn({ room: stored.id }, 'the bot is no longer in its admin room');
  }
  const found = await findMade(parts, joined, null);
  if (found !== null) {
    // Our memory of it is lost: what was said there up to now is not to be acted on.
    store.intend(found.marker, 'admin', 'made', clock.now());
    store.settle(found.marker, found.room);
    return found.room;
  }
  const marker = randomUUID();
  store.intend(marker, 'admin', 'made', clock.now());
  return make(parts, marker);
}

/** A room that was about to be made when the process ended. */
async function finish(
  parts: AdminRoomParts,
  { marker }: StoredRoom,
  joined: ReadonlySet<RoomId>,
): Promise<RoomId> {
  const found = await findMade(parts, joined, marker);
  if (found === null) return make(parts, marker);
  await begin(parts, marker, found.room);
  return found.room;
}

async function make(parts: AdminRoomParts, marker: string): Promise<RoomId> {
  const { api, self, people, language, log } = parts;
  const room = await api.createRoom(
    creationOf({
      self,
      marker,
      people,
      isEncrypted: parts.isEncrypted,
      roomVersion: await api.defaultRoomVersion(),
      name: translate(say('room.admin.name'), language()),
      topic: translate(say('room.admin.topic'), language()),
    }),
  );
  log.info({ room }, 'made the admin room');
  await begin(parts, marker, room);
  return room;
}

/** A room with our mark among those that we are in; `marker` null: any that we made. */
async function findMade(
  { api, self }: AdminRoomParts,
  joined: ReadonlySet<RoomId>,
  marker: string | null,
): Promise<{ readonly room: RoomId; readonly marker: string } | null> {
  for (const room of joined) {
    const creation = await api.stateEvent(room, 'm.room.create', '');
    const mark = creation?.sender === self ? markerOf(creation.content) : null;
    if (mark === null || (marker !== null && mark !== marker)) continue;
    const isReplaced = (await api.stateEvent(room, 'm.room.tombstone', '')) !== null;
    if (!isReplaced) return { room, marker: mark };
  }
  return null;
}

async function namedRoom(parts: AdminRoomParts): Promise<RoomId> {
  const { api, self, store, wanted, clock, log } = parts;
  if (wanted === 'create') throw new Error('no room is named');
  if (store.find(wanted) !== null && (await isIn(parts, wanted))) return wanted;
  const marker = `named ${wanted}`;
  const isBegun = store.all('admin').some((room) => room.marker === marker);
  if (!isBegun && (await isIn(parts, wanted))) {
    // Already in it, nobody knows since when: what was said there up to now is not to be acted on.
    store.intend(marker, 'admin', 'named', clock.now());
    store.settle(marker, wanted);
    return wanted;
  }
  if (!isBegun) store.intend(marker, 'admin', 'named', clock.now());
  try {
    await api.join(wanted);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'refused') throw error;
    log.error(
      { room: wanted, failure: describeFailure(failure) },
      'the admin room is closed to us',
    );
    throw new AppError('E_ROOM_NOT_JOINED', { room: wanted, user: self }, error);
  }
  await begin(parts, marker, wanted);
  return wanted;
}

async function isIn({ api }: AdminRoomParts, room: RoomId): Promise<boolean> {
  return (await api.joinedRooms()).includes(room);
}

/**
 * Settles a room that the bot has just entered. Its own join is put into the ledger: from there on
 * everything counts, also what was said before the first sync.
 */
async function begin(parts: AdminRoomParts, marker: string, room: RoomId): Promise<void> {
  const { store, database } = parts;
  const join = await ownJoin(parts, room);
  database.transaction(() => {
    join();
    store.settle(marker, room);
  });
}

/** Fetches our join of a room; what it returns records it (inside a transaction of the caller). */
export async function ownJoin(
  { api, self, ledger, clock }: Pick<AdminRoomParts, 'api' | 'self' | 'ledger' | 'clock'>,
  roomId: RoomId,
): Promise<() => void> {
  const join = await api.stateEvent(roomId, 'm.room.member', self);
  return () => {
    if (join === null) return;
    const { eventId } = join;
    ledger.record([{ eventId, roomId, sender: self, input: null, ageMs: 0 }], clock.now());
  };
}
