import type { EventId, RoomId, UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';

/** What came of a room since the last sync. Events are as they came: judge them one by one. */
export interface JoinedRoom {
  readonly events: readonly unknown[];
  /** Events before these were left out. */
  readonly limited: boolean;
  /** Where to read backwards from; null where the server did not say. */
  readonly before: string | null;
}

/** What a sync brings for this device alone (spec, "End-to-end encryption" extensions to sync). */
export interface SyncCrypto {
  /** To-device events, as they came. */
  readonly toDevice: readonly unknown[];
  /** People whose devices or identity changed. */
  readonly changed: readonly UserId[];
  /** People with whom no encrypted room is shared any more. */
  readonly left: readonly UserId[];
  /** By algorithm: how many of our one-time keys nobody has claimed yet. */
  readonly oneTimeKeys: ReadonlyMap<string, number>;
  /** Algorithms whose fallback key nobody has used; null: the server does not say. */
  readonly fallbackKeys: readonly string[] | null;
}

/** An answer of `/sync`, as much of it as we use. */
export interface SyncAnswer {
  readonly next: string;
  readonly crypto: SyncCrypto;
  readonly joined: ReadonlyMap<RoomId, JoinedRoom>;
  /** Stripped state of rooms that the bot is invited to. */
  readonly invited: ReadonlyMap<RoomId, readonly unknown[]>;
  /** Rooms that the bot left or was put out of. */
  readonly left: readonly RoomId[];
}

/** What to ask `/sync` for. */
export interface SyncQuery {
  readonly since: string | null;
  /** How long the server may wait for something to happen, ms. */
  readonly timeoutMs: number;
  /** At most so many events of each room. */
  readonly timelineLimit: number;
  /** True: an answer that the server kept from an equal request will not do. */
  readonly isFresh: boolean;
}

/** A page of a room's history, newest first. */
export interface HistoryPage {
  readonly events: readonly unknown[];
  /** Where the next older page begins; null: there is none. */
  readonly end: string | null;
}

/** One state event of a room, as much of it as we use. */
export interface StateEvent {
  readonly type: string;
  readonly stateKey: string;
  readonly sender: UserId;
  readonly eventId: EventId;
  readonly content: JsonObject;
}

/** Who a token belongs to. */
export interface Identity {
  readonly userId: UserId;
  readonly deviceId: string | null;
}

/**
 * The home server, as far as the bot talks to it: the client-server API v3 with checked answers.
 * Every call throws `MatrixFailure`.
 */
export interface MatrixApi {
  readonly url: string;
  /** Spec versions; needs no token. Shows that a home server answers at all. */
  versions(): Promise<readonly string[]>;
  whoami(): Promise<Identity>;
  /** Room version that new rooms get when none is asked for. */
  defaultRoomVersion(): Promise<string>;
  sync(query: SyncQuery, signal: AbortSignal): Promise<SyncAnswer>;
  /** Backwards from `from`, a token of sync or of another page. */
  history(room: RoomId, from: string, limit: number, signal?: AbortSignal): Promise<HistoryPage>;
  send(
    room: RoomId,
    eventType: string,
    transactionId: string,
    content: JsonObject,
    signal?: AbortSignal,
  ): Promise<EventId>;
  redact(
    room: RoomId,
    target: EventId,
    transactionId: string,
    content: JsonObject,
    signal?: AbortSignal,
  ): Promise<EventId>;
  putState(
    room: RoomId,
    eventType: string,
    stateKey: string,
    content: JsonObject,
    signal?: AbortSignal,
  ): Promise<EventId>;
  /** The whole state event; null: the room has none of that type and key. */
  stateEvent(room: RoomId, eventType: string, stateKey: string): Promise<StateEvent | null>;
  /** Membership of everybody who was ever in the room or invited. */
  members(room: RoomId): Promise<ReadonlyMap<UserId, string>>;
  joinedRooms(): Promise<readonly RoomId[]>;
  join(room: RoomId): Promise<void>;
  leave(room: RoomId): Promise<void>;
  invite(room: RoomId, user: UserId): Promise<void>;
  createRoom(options: JsonObject): Promise<RoomId>;
  /** Returns the `mxc://` URI. */
  upload(name: string, mimetype: string, data: Uint8Array, signal?: AbortSignal): Promise<string>;
}
