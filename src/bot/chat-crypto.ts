import type { RoomId, UserId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { MatrixApi, SyncCrypto } from './client/matrix-api.ts';
import type { OpenedEvent } from './crypto/protection.ts';
import type { CryptoSurroundings, RoomCrypto } from './crypto/room-crypto.ts';
import type { UnreadableNotices } from './crypto/unreadable-notices.ts';
import { EventOpener } from './inbox/event-opener.ts';
import type { EncryptionGuard } from './rooms/encryption-guard.ts';
import { RoomMembers } from './rooms/members.ts';
import type { SealedFile, Sealer } from './crypto/sealer.ts';
import type { MissedSync } from './sync/sync-loop.ts';

/** What the chat's side of encryption is made of. */
export interface ChatCryptoParts {
  readonly open: (surroundings: CryptoSurroundings) => Promise<RoomCrypto>;
  readonly api: Pick<MatrixApi, 'members'>;
  readonly guard: EncryptionGuard;
  readonly isListed: (user: UserId) => boolean;
  readonly unreadable: UnreadableNotices;
  /** See `IdentityPins`. */
  readonly onNewIdentity: (user: UserId) => void;
  /** Whom a direct room is with: nobody else there is a reader, whoever joins. */
  readonly personOf: (room: RoomId) => UserId | null;
  /** Keys or devices have come: what could not be read may be readable now. */
  readonly onKeys: () => Promise<void>;
}

/** Encryption as sync, inbox and sender see it: opened once, when the home server can be asked. */
export class ChatCrypto implements Sealer {
  readonly #parts: ChatCryptoParts;
  readonly #members: RoomMembers;
  readonly #opener: EventOpener;
  #opened: RoomCrypto | null = null;

  constructor(parts: ChatCryptoParts) {
    this.#parts = parts;
    this.#members = new RoomMembers(parts.api);
    this.#opener = new EventOpener({ guard: parts.guard, crypto: () => this.#crypto() });
  }

  /** Can be called again after a failure. Throws what opening throws. */
  async open(): Promise<void> {
    const { open, isListed, unreadable, personOf, onNewIdentity } = this.#parts;
    this.#opened ??= await open({
      ...{ isListed, onNewIdentity },
      members: async (room) => {
        const person = personOf(room);
        const joined = await this.#members.joined(room);
        return person === null ? joined : joined.filter((user) => user === person);
      },
      onUnreadable: (room, people) => {
        unreadable.note(room, people);
      },
    });
  }

  /** Makes durable what a sync brought for this device; what was missed is caught up with first. */
  async absorb(crypto: SyncCrypto, missed: MissedSync | null): Promise<void> {
    await this.#crypto().absorb(crypto);
    if (missed !== null) await this.catchUp(missed);
    if (crypto.toDevice.length > 0 || crypto.changed.length > 0) await this.#parts.onKeys();
  }

  /** Asks for everybody's devices anew; a home server that was set back also gives out old keys again. */
  async catchUp(missed: MissedSync): Promise<void> {
    await this.#crypto().forgetDevices();
    if (missed === 'rewound') await this.#crypto().replaceOneTimeKeys();
  }

  /** See {@link EventOpener.open}. */
  openAll(events: readonly unknown[], room: RoomId): Promise<readonly OpenedEvent[]> {
    return this.#opener.open(events, room);
  }

  openOne(event: unknown, room: RoomId): Promise<OpenedEvent> {
    return this.#crypto().openEvent(event, room);
  }

  /** Asked anew. Throws `MatrixFailure`. */
  hasSignedDevice(person: UserId): Promise<boolean> {
    return this.#crypto().hasSignedDevice(person);
  }

  seal(room: RoomId, type: string, content: JsonObject): Promise<JsonObject> {
    return this.#crypto().seal(room, type, content);
  }

  sealFile(data: Uint8Array): SealedFile {
    return this.#crypto().sealFile(data);
  }

  /** Somebody came into the room or left it, or may have. */
  membersChanged(room: RoomId): void {
    this.#members.forget(room);
  }

  #crypto(): RoomCrypto {
    if (this.#opened === null) throw new Error('encryption is not open yet');
    return this.#opened;
  }
}
