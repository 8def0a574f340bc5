import type { RoomId, UserId } from '../../core/ids.ts';
import type { SyncCrypto } from '../client/matrix-api.ts';
import type { Sealer } from './sealer.ts';
import type { Unreadable } from './listed-readers.ts';
import type { OpenedEvent } from './protection.ts';

/** What the chat needs of encryption. */
export interface RoomCrypto extends Sealer {
  /** See `CryptoEngine.absorb`. */
  absorb(crypto: SyncCrypto): Promise<void>;
  /** See `CryptoEngine.forgetDevices`. */
  forgetDevices(): Promise<void>;
  /** See `CryptoEngine.replaceOneTimeKeys`. */
  replaceOneTimeKeys(): Promise<void>;
  /** See `CryptoEngine.follow`. */
  follow(people: readonly UserId[]): Promise<void>;
  /** See `CryptoEngine.hasSignedDevice`. */
  hasSignedDevice(person: UserId): Promise<boolean>;
  /** See `CryptoEngine.openEvent`. Also for events in clear: verifications come that way. */
  openEvent(event: unknown, room: RoomId): Promise<OpenedEvent>;
}

/** What encryption needs of the chat. */
export interface CryptoSurroundings {
  /** Who has joined the room. Throws `MatrixFailure`. */
  readonly members: (room: RoomId) => Promise<readonly UserId[]>;
  readonly isListed: (user: UserId) => boolean;
  /** See `ListedReadersParts.onUnreadable`. */
  readonly onUnreadable: (room: RoomId, people: readonly Unreadable[]) => void;
  /** See `IdentityPins`. */
  readonly onNewIdentity: (user: UserId) => void;
}
