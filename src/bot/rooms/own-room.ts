import { randomUUID } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import type { RoomId, UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { say, type Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { translate } from '../../core/words/translate.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { Ledger } from '../../platform/store/ledger.ts';
import type { RoomStore, StoredRoom } from '../../platform/store/rooms.ts';
import { describeFailure, failureOf } from '../client/failure.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { creationOf, markerOf, type MadePurpose } from './creation.ts';
import type { Listed } from './room.ts';

/** A room that is to be there. */
export interface OwnRoomPlan {
  readonly purpose: MadePurpose;
  /** What the config calls a room for alerts; null: the admin room. */
  readonly name: string | null;
  /** From the config. */
  readonly wanted: 'create' | RoomId;
}

/** What finding or making one of the bot's own rooms needs. */
export interface OwnRoomParts {
  readonly api: MatrixApi;
  readonly self: UserId;
  readonly database: Database;
  readonly store: RoomStore;
  readonly ledger: Ledger;
  readonly people: Listed;
  readonly language: () => Language;
  readonly clock: Clock;
  readonly log: Log;
  /** From the config: whether a room that is made is made encrypted. */
  readonly isEncrypted: boolean;
}

/**
 * A room of the bot's own: the one that the config names, or the one that it made,
 * made now if there is none; upgrades that were followed are followed. Can be called again after any
 * failure or crash: there will be one room. Throws `E_ROOM_NOT_JOINED` and `MatrixFailure`.
 */
export async function ensureRoom(parts: OwnRoomParts, plan: OwnRoomPlan): Promise<RoomId> {
  const { wanted } = plan;
  const first =
    wanted === 'create' ? await madeRoom(parts, plan) : await namedRoom(parts, plan, wanted);
  const seen = new Set<RoomId>();
  let room = first;
  for (;;) {
    seen.add(room);
    const next = parts.store.find(room)?.replacedBy ?? null;
    if (next === null || seen.has(next)) return room;
    room = next;
  }
}

/** Those of the store that are for the same. */
function storedFor({ store }: OwnRoomParts, { purpose, name }: OwnRoomPlan): readonly StoredRoom[] {
  return store.all(purpose).filter((room) => room.name === name);
}

async function madeRoom(parts: OwnRoomParts, plan: OwnRoomPlan): Promise<RoomId> {
  const { api, store, log, clock } = parts;
  const { purpose, name } = plan;
  const joined = new Set(await api.joinedRooms());
  for (const stored of storedFor(parts, plan).filter((room) => room.origin === 'made')) {
    if (stored.id === null) return finish(parts, plan, stored, joined);
    if (joined.has(stored.id) || stored.replacedBy !== null) return stored.id;
    log.warn({ room: stored.id }, `the bot is no longer in its ${wordFor(plan)}`);
  }
  const found = await findMade(parts, plan, joined, null);
  if (found !== null) {
    // Our memory of it is lost: what was said there up to now is not to be acted on.
    store.intend(found.marker, purpose, 'made', clock.now(), null, name);
    store.settle(found.marker, found.room);
    return found.room;
  }
  const marker = randomUUID();
  store.intend(marker, purpose, 'made', clock.now(), null, name);
  return make(parts, plan, marker);
}

/** A room that was about to be made when the process ended. */
async function finish(
  parts: OwnRoomParts,
  plan: OwnRoomPlan,
  { marker }: StoredRoom,
  joined: ReadonlySet<RoomId>,
): Promise<RoomId> {
  const found = await findMade(parts, plan, joined, marker);
  if (found === null) return make(parts, plan, marker);
  await begin(parts, marker, found.room);
  return found.room;
}

async function make(parts: OwnRoomParts, plan: OwnRoomPlan, marker: string): Promise<RoomId> {
  const { api, self, people, language, log } = parts;
  const { title, topic } = textsFor(plan);
  const room = await api.createRoom(
    creationOf({
      ...{ self, marker, people },
      mark: { purpose: plan.purpose, name: plan.name },
      isEncrypted: parts.isEncrypted,
      roomVersion: await api.defaultRoomVersion(),
      name: translate(title, language()),
      topic: translate(topic, language()),
    }),
  );
  log.info({ room }, `made the ${wordFor(plan)}`);
  await begin(parts, marker, room);
  return room;
}

/** In log lines. */
const wordFor = ({ name }: OwnRoomPlan): string =>
  name === null ? 'admin room' : `alert room ${name}`;

function textsFor({ name }: OwnRoomPlan): { readonly title: Text; readonly topic: Text } {
  if (name === null) return { title: say('room.admin.name'), topic: say('room.admin.topic') };
  return { title: say('room.alerts.name', { name }), topic: say('room.alerts.topic') };
}

/** A room with our mark among those that we are in; `marker` null: any that we made for the same. */
async function findMade(
  { api, self }: OwnRoomParts,
  plan: OwnRoomPlan,
  joined: ReadonlySet<RoomId>,
  marker: string | null,
): Promise<{ readonly room: RoomId; readonly marker: string } | null> {
  for (const room of joined) {
    const creation = await api.stateEvent(room, 'm.room.create', '');
    const mark = creation?.sender === self ? markerOf(creation.content, plan) : null;
    if (mark === null || (marker !== null && mark !== marker)) continue;
    const isReplaced = (await api.stateEvent(room, 'm.room.tombstone', '')) !== null;
    if (!isReplaced) return { room, marker: mark };
  }
  return null;
}

async function namedRoom(parts: OwnRoomParts, plan: OwnRoomPlan, wanted: RoomId): Promise<RoomId> {
  const { api, self, store, clock, log } = parts;
  const { purpose, name } = plan;
  if (store.find(wanted) !== null && (await isIn(parts, wanted))) return wanted;
  const begun = store.all(purpose).some((room) => room.marker === `named ${wanted}`);
  // It may have been another one's before.
  const known = store.find(wanted)?.marker ?? null;
  const marker = known ?? `named ${wanted}`;
  const isBegun = known !== null || begun;
  if (!isBegun && (await isIn(parts, wanted))) {
    // Already in it, nobody knows since when: what was said there up to now is not to be acted on.
    store.intend(marker, purpose, 'named', clock.now(), null, name);
    store.settle(marker, wanted);
    return wanted;
  }
  if (!isBegun) store.intend(marker, purpose, 'named', clock.now(), null, name);
  try {
    await api.join(wanted);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'refused') throw error;
    log.error(
      { room: wanted, failure: describeFailure(failure) },
      `the ${wordFor(plan)} is closed to us`,
    );
    throw new AppError('E_ROOM_NOT_JOINED', { room: wanted, user: self }, error);
  }
  await begin(parts, marker, wanted);
  return wanted;
}

async function isIn({ api }: OwnRoomParts, room: RoomId): Promise<boolean> {
  return (await api.joinedRooms()).includes(room);
}

/**
 * Settles a room that the bot has just entered. Its own join is put into the ledger: from there on
 * everything counts, also what was said before the first sync.
 */
async function begin(parts: OwnRoomParts, marker: string, room: RoomId): Promise<void> {
  const { store, database } = parts;
  const join = await ownJoin(parts, room);
  database.transaction(() => {
    join();
    store.settle(marker, room);
  });
}

/** Fetches our join of a room; what it returns records it (inside a transaction of the caller). */
export async function ownJoin(
  { api, self, ledger, clock }: Pick<OwnRoomParts, 'api' | 'self' | 'ledger' | 'clock'>,
  roomId: RoomId,
): Promise<() => void> {
  const join = await api.stateEvent(roomId, 'm.room.member', self);
  return () => {
    if (join === null) return;
    const { eventId } = join;
    ledger.record([{ eventId, roomId, sender: self, input: null, ageMs: 0 }], clock.now());
  };
}
