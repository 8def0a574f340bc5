import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { RoomId, UserId } from '../../core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { RequestPump } from './request-pump.ts';
import type { CryptoLibrary } from './wasm.ts';
import type { WithheldKeys } from './withheld-keys.ts';

/** How long one outbound session is used. */
export interface Rotation {
  readonly periodMs: number;
  readonly messages: number;
}

/** What the spec advises (`m.room.encryption`): a week, a hundred messages. */
export const usualRotation: Rotation = { periodMs: 7 * 24 * 3_600_000, messages: 100 };

/** Who may read what is said in a room. */
export interface Readers {
  /** Whose devices and identities are to be known before it is decided. */
  candidates(room: RoomId): Promise<readonly UserId[]>;
  /** Which of them may read now. */
  admitted(room: RoomId, candidates: readonly UserId[]): Promise<Admission>;
}

/** Who gets keys, and who is in the room and on the list and gets none all the same. */
export interface Admission {
  readonly readers: readonly UserId[];
  readonly refused: readonly UserId[];
}

/** What {@link GroupEncryption} needs. */
export interface GroupEncryptionParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly pump: RequestPump;
  readonly readers: Readers;
  readonly rotation: Rotation;
  readonly withheld: WithheldKeys;
}

/**
 * Encrypts for a room: the key goes to signed devices of its readers first, then the content is
 * sealed. One message after the other, as `shareRoomKey` demands.
 */
export class GroupEncryption {
  readonly #parts: GroupEncryptionParts;
  readonly #queue = new OneAtATime();

  constructor(parts: GroupEncryptionParts) {
    this.#parts = parts;
  }

  /**
   * Returns the content of an `m.room.encrypted`. The ratchet behind it is on the disk. Throws
   * `MatrixFailure` where keys could not be asked for or handed out.
   */
  encrypt(room: RoomId, type: string, content: JsonObject): Promise<JsonObject> {
    return this.#queue.run(async () => {
      const { library, machine, withheld } = this.#parts;
      // A used-up session is replaced here; sealing with one would be the end of the machine.
      const refused = await this.#share(room);
      const text = await machine.encryptRoomEvent(
        new library.RoomId(room),
        type,
        JSON.stringify(content),
      );
      const sealed = jsonObjectSchema.parse(JSON.parse(text));
      if (refused.length > 0) await withheld.tell(room, sealed, refused);
      return sealed;
    });
  }

  /** Returns who gets no key. */
  async #share(room: RoomId): Promise<readonly UserId[]> {
    const { library, machine, pump, readers } = this.#parts;
    // The machine takes ids away from whoever gives them to it, so each call gets its own.
    const ids = (users: readonly UserId[]) => users.map((user) => new library.UserId(user));
    const candidates = await readers.candidates(room);
    await machine.updateTrackedUsers(ids(candidates));
    await pump.drain();
    const { readers: people, refused } = await readers.admitted(room, candidates);
    const claim = await machine.getMissingSessions(ids(people));
    if (claim != null) await pump.send(claim);
    const id = new library.RoomId(room);
    const requests = await machine.shareRoomKey(id, ids(people), this.#settings());
    for (const request of requests) await pump.send(request);
    return refused;
  }

  #settings() {
    const { library, rotation } = this.#parts;
    const settings = new library.EncryptionSettings();
    settings.sharingStrategy = library.CollectStrategy.identityBasedStrategy();
    settings.historyVisibility = library.HistoryVisibility.Joined;
    // Microseconds: milliseconds here made a week into ten minutes elsewhere (matrix-bot-sdk #110).
    settings.rotationPeriod = BigInt(rotation.periodMs) * 1000n;
    settings.rotationPeriodMessages = BigInt(rotation.messages);
    return settings;
  }
}
